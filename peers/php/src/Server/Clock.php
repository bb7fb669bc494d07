<?php

declare(strict_types=1);

namespace Stitch\Server;

use Grpc\Call;
use Grpc\Channel;
use Grpc\ChannelCredentials;
use Grpc\Timeval;
use Stitch\Lines;

use const Grpc\OP_RECV_INITIAL_METADATA;
use const Grpc\OP_RECV_STATUS_ON_CLIENT;
use const Grpc\OP_SEND_CLOSE_FROM_CLIENT;
use const Grpc\OP_SEND_INITIAL_METADATA;

/** The program of a process that wakes a listener at the times that its lines say. */
final class Clock
{
    private const LONG_US = 3_600_000_000;

    private readonly Channel $channel;

    public function __construct(string $address, private readonly string $path)
    {
        $this->channel = new Channel($address, ['credentials' => ChannelCredentials::createInsecure()]);
    }

    public function run(): int
    {
        pcntl_signal(SIGTERM, SIG_IGN);
        pcntl_signal(SIGINT, SIG_IGN);
        /** @var \SplMinHeap<float> */
        $times = new \SplMinHeap();
        $lines = new Lines(STDIN);
        while (true) {
            [$readable, $none] = [[STDIN], null];
            $leftUs = $times->isEmpty() ? self::LONG_US : (int) (max(0, $times->top() - microtime(true)) * 1e6);
            if (stream_select($readable, $none, $none, intdiv($leftUs, 1_000_000), $leftUs % 1_000_000)) {
                foreach ($lines->read() ?? exit(0) as $line) {
                    $times->insert((float) $line);
                }
            }
            if ($this->isDue($times)) {
                $this->wake();
            }
        }
    }

    /** @param \SplMinHeap<float> $times those that have come are taken out */
    private function isDue(\SplMinHeap $times): bool
    {
        for ($isDue = false; !$times->isEmpty() && $times->top() <= microtime(true); $isDue = true) {
            $times->extract();
        }
        return $isDue;
    }

    private function wake(): void
    {
        (new Call($this->channel, $this->path, Timeval::infFuture()))->startBatch([
            OP_SEND_INITIAL_METADATA => [],
            OP_SEND_CLOSE_FROM_CLIENT => true,
            OP_RECV_INITIAL_METADATA => true,
            OP_RECV_STATUS_ON_CLIENT => true,
        ]);
    }
}
