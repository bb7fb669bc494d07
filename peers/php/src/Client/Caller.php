<?php

declare(strict_types=1);

namespace Stitch\Client;

use Stitch\Lines;
use Stitch\Methods;

/**
 * The program of a process that makes calls. Several at once all begin; then each in its turn
 * goes on to its end, but for where it is told to wait.
 */
final class Caller
{
    private Methods $methods;

    private Channels $channels;

    /** @var array<\Fiber<void, void, void, void>> */
    private array $going = [];

    public function __construct()
    {
        $this->methods = new Methods();
        $this->channels = new Channels();
    }

    /** Does what the lines say until they end. */
    public function run(): int
    {
        // Whoever has started this process ends it.
        pcntl_signal(SIGTERM, SIG_IGN);
        pcntl_signal(SIGINT, SIG_IGN);
        Lines::tell(['libraryVersion' => phpversion('grpc')]);
        $lines = new Lines(STDIN);
        while (true) {
            [$readable, $none] = [[STDIN], null];
            if (stream_select($readable, $none, $none, $this->going === [] ? null : 0)) {
                $read = $lines->read();
                if ($read === null) {
                    return 0;
                }
                array_map($this->obey(...), $read);
            }
            $this->goOn();
        }
    }

    private function obey(string $line): void
    {
        $said = Lines::decode($line) ?? [];
        if (isset($said['methods'])) {
            $this->methods = new Methods($said['methods']);
            return;
        }
        ['id' => $id, 'call' => $call] = $said;
        $times = ($call['times'] ?? 0) ?: 1;
        $ids = new \ArrayIterator($times === 1 ? [$id] : array_map(fn (int $n) => "$id.$n", range(0, $times - 1)));
        for ($n = min($times, ($call['atOnce'] ?? 0) ?: 1); $n > 0; $n--) {
            $this->going[] = new \Fiber(fn () => $this->makeInTurn($ids, $call, $this->methods));
        }
    }

    /**
     * @param \ArrayIterator<int, string> $ids
     * @param array<string, mixed> $call
     */
    private function makeInTurn(\ArrayIterator $ids, array $call, Methods $methods): void
    {
        while ($ids->valid()) {
            $id = $ids->current();
            $ids->next();
            Lines::tell(['ended' => ['id' => $id] + Call::make($id, $call, $methods, $this->channels)]);
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
}
