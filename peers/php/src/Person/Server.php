<?php

declare(strict_types=1);

namespace Stitch\Person;

use Grpc\RpcServer;
use Stitch\Manage\Service;
use Stitch\Process;
use Stitch\Server\Port;

/** The server that a person runs. */
final class Server
{
    private const POLL_MICROSECONDS = 100_000;

    private bool $isStopping = false;

    public function __construct(private readonly string $host, private readonly int $port)
    {
    }

    /** Serves until SIGINT or SIGTERM, in a process of its own: gRPC's server never looks up from its calls. */
    public function run(): int
    {
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, fn () => $this->isStopping = true);
        pcntl_signal(SIGINT, fn () => $this->isStopping = true);
        $server = new Process('serve', "--host=$this->host", "--port=$this->port");
        while (!$this->isStopping && $server->isRunning()) {
            usleep(self::POLL_MICROSECONDS);
        }
        $server->kill();
        return $this->isStopping ? 0 : 1;
    }

    /** Serves for good. */
    public static function serve(string $host, int $port): int
    {
        pcntl_signal(SIGTERM, SIG_IGN);
        pcntl_signal(SIGINT, SIG_IGN);
        $server = new RpcServer(['grpc.so_reuseport' => 0]);
        $server->handle(new Service());
        $server->handle(new HealthService());
        $bound = $server->addHttp2Port("$host:$port");
        if (!$bound) {
            fwrite(STDERR, "cannot listen on $host:$port: " . Port::whyNot($host, $port) . "\n");
            return 1;
        }
        fwrite(STDERR, "listening on $host:$bound\n");
        $server->run();
    }
}
