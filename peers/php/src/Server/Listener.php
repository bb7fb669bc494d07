<?php

declare(strict_types=1);

namespace Stitch\Server;

use Grpc\Server;
use Stitch\Lines;
use Stitch\Methods;
use Stitch\Notation;

/**
 * The program of a process that listens on a port. gRPC for PHP gives it one call at a time;
 * one whose script waits has others served meanwhile.
 */
final class Listener
{
    private Lines $lines;

    private Methods $methods;

    private Alarm $alarm;

    /** @var array<\Fiber<void, void, void, void>> calls in flight */
    private array $going = [];

    /** Listens as the first line says, until the process is ended. */
    public function run(): int
    {
        // Whoever has started this process ends it.
        pcntl_signal(SIGTERM, SIG_IGN);
        pcntl_signal(SIGINT, SIG_IGN);
        $this->lines = new Lines(STDIN);
        ['methods' => $methods, 'listen' => $listen] = Lines::decode($this->line()) ?? [];
        $this->methods = new Methods($methods);
        $server = new Server(self::arguments($listen));
        $host = str_contains($listen['host'], ':') ? "[{$listen['host']}]" : $listen['host'];
        $port = $server->addHttp2Port("$host:" . ($listen['port'] ?? 0));
        if (!$port) {
            Lines::tell(['refused' => Port::whyNot($host, $listen['port'] ?? 0)]);
            return 1;
        }
        $this->alarm = new Alarm();
        $server->addHttp2Port($this->alarm->address);
        $server->start();
        Lines::tell(['port' => $port]);
        while (true) {
            $event = $server->requestCall();
            if ($this->alarm->isIt($event)) {
                Call::turnAway($event);
            } else {
                $this->going[] = new \Fiber(fn () => $this->serve($event));
            }
            $this->goOn();
        }
    }

    private function goOn(): void
    {
        foreach ($this->going as $key => $fiber) {
            $fiber->isStarted() ? $fiber->resume() : $fiber->start();
            if ($fiber->isTerminated()) {
                unset($this->going[$key]);
            }
        }
    }

    private function serve(\stdClass $event): void
    {
        $method = $this->methods->find($event->method);
        if ($method === null) {
            // As the library does it.
            Call::turnAway($event);
            return;
        }
        $call = new Call($event, $method, $this->alarm);
        Lines::tell(['asked' => ['name' => $call->scriptName(), 'path' => $method->path]]);
        try {
            $call->serve(Lines::decode($this->line()));
        } catch (\LogicException $error) {
            // gRPC refuses what the script says: the call is given up.
            fwrite(STDERR, "{$error->getMessage()}\n");
        }
        Lines::tell(['idle' => true]);
    }

    /** Waits for the next line; there is one for each that this process asks for. */
    private function line(): string
    {
        do {
            $lines = $this->lines->read();
        } while ($lines === []);
        return $lines[0] ?? exit(0);
    }

    /**
     * @param array<string, mixed> $listen
     * @return array<string, int>
     */
    private static function arguments(array $listen): array
    {
        $arguments = Notation::arguments($listen) + ['grpc.so_reuseport' => 0];
        if ($interval = $listen['minPingMs'] ?? 0) {
            $arguments['grpc.http2.min_ping_interval_without_data_ms'] = $interval;
            // Otherwise it is two hours while there are no calls.
            $arguments['grpc.keepalive_permit_without_calls'] = 1;
        }
        if ($age = $listen['maxAgeMs'] ?? 0) {
            $arguments['grpc.max_connection_age_ms'] = $age;
        }
        return $arguments;
    }
}
