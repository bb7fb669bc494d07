<?php

declare(strict_types=1);

namespace Stitch\Client;

use Grpc\Channel;
use Grpc\Timeval;
use Stitch\Messages;
use Stitch\Method;
use Stitch\Methods;
use Stitch\Notation;
use Stitch\Unknown;

use const Grpc\CHANNEL_READY;
use const Grpc\OP_RECV_INITIAL_METADATA;
use const Grpc\OP_RECV_MESSAGE;
use const Grpc\OP_RECV_STATUS_ON_CLIENT;
use const Grpc\OP_SEND_CLOSE_FROM_CLIENT;
use const Grpc\OP_SEND_INITIAL_METADATA;
use const Grpc\OP_SEND_MESSAGE;
use const Grpc\STATUS_UNKNOWN;

/**
 * A call of any kind, and the record of it. It uses the extension's calls, as the classes of
 * gRPC's PHP library do; of those, one for a stream of requests half-closes only when it waits.
 */
final class Call
{
    private const STEPS = ['send', 'close', 'receive', 'waitMs', 'cancel'];

    private readonly int $beganNs;

    private ?\Grpc\Call $call = null;

    private Messages $responses;

    /** @var ?array<list<string>> */
    private ?array $headers = null;

    private ?\stdClass $status = null;

    private int $sent = 0;

    private bool $isClosed = false;

    private bool $isCancelled = false;

    private float $elapsedMs = 0;

    /** @param array<string, mixed> $said */
    private function __construct(
        private readonly string $id,
        private readonly array $said,
        private readonly Method $method,
        private readonly Channel $channel,
    ) {
        $this->beganNs = hrtime(true);
        $this->responses = new Messages();
    }

    /**
     * Makes the call, and returns the record of it, whatever came of it.
     *
     * @param array<string, mixed> $said
     * @return array<string, mixed>
     */
    public static function make(string $id, array $said, Methods $methods, Channels $channels): array
    {
        try {
            $path = ($said['types'] ?? '') ?: $said['method'];
            $method = $methods->find($path) ?? throw Unknown::what('method', $path);
            $steps = Notation::steps($said, self::STEPS);
            if (!$method->clientStreaming && array_column($steps, 'send') === []) {
                throw new Unknown('a call without its request');
            }
            Notation::compression($said);
            $channel = $channels->of($said['channel']);
        } catch (Unknown $unknown) {
            return ['unsupported' => $unknown->getMessage()];
        }
        try {
            $steps = array_map(fn (array $step) => self::prepared($step, $method), $steps);
        } catch (\Exception $error) {
            return ['unusable' => $error->getMessage()];
        }
        $call = new self($id, $said, $method, $channel);
        try {
            return $call->play($steps);
        } catch (\Exception $error) {
            // gRPC refuses to make it, and has no status for that.
            return ['status' => ['code' => STATUS_UNKNOWN, 'message' => $error->getMessage()]] + $call->record();
        }
    }

    /**
     * The step, with what it sends as bytes.
     *
     * @param array<string, mixed> $step
     * @return array<string, mixed>
     */
    private static function prepared(array $step, Method $method): array
    {
        return isset($step['send']) ? ['send' => $method->request(base64_decode($step['send']))] + $step : $step;
    }

    /**
     * @param list<array<string, mixed>> $steps
     * @return array<string, mixed>
     */
    private function play(array $steps): array
    {
        if ($this->method->clientStreaming) {
            $this->begin();
        }
        foreach ($steps as $step) {
            match (true) {
                isset($step['send']) => $this->send($step['send'], ($step['times'] ?? 0) ?: 1),
                isset($step['close']) => $this->close(),
                isset($step['receive']) => $this->receive($step['receive']),
                isset($step['waitMs']) => $this->wait($step['waitMs']),
                default => $this->cancel(),
            };
        }
        if (!$this->isCancelled) {
            $this->close();
            $this->receive(-1);
        }
        if ($this->status === null) {
            $this->take([OP_RECV_STATUS_ON_CLIENT => true]);
        }
        return ['status' => ['code' => $this->status->code, 'message' => $this->status->details]] + $this->record();
    }

    /** @return array<string, mixed> */
    private function record(): array
    {
        return [
            'responses' => $this->responses,
            'headers' => Notation::spell($this->headers),
            'trailers' => Notation::spell($this->status?->metadata),
            'sent' => $this->sent,
            'elapsedMs' => $this->elapsedMs ?: $this->msSinceBegin(),
        ];
    }

    /**
     * Begins the call on the wire.
     *
     * @param array<int, mixed> $operations what goes with it
     */
    private function begin(array $operations = []): void
    {
        $now = Timeval::now();
        $timeoutMs = $this->said['timeoutMs'] ?? 0;
        $deadline = $timeoutMs ? $now->add(new Timeval((int) ($timeoutMs * 1000))) : Timeval::infFuture();
        if ($this->said['waitForReady'] ?? false) {
            $this->waitForReady($deadline);
        }
        $this->call = new \Grpc\Call($this->channel, $this->said['method'], $deadline);
        $metadata = Notation::metadata($this->said['metadata'] ?? []) + Notation::compression($this->said);
        $metadata['stitch-call-id'] = [$this->id];
        $this->call->startBatch([OP_SEND_INITIAL_METADATA => $metadata] + $operations);
    }

    /** As the library's stubs do it: a call itself cannot be told to. */
    private function waitForReady(Timeval $deadline): void
    {
        // What has become of the connection meanwhile, gRPC learns only while somebody waits.
        $moment = Timeval::now()->add(new Timeval(1000));
        $this->channel->watchConnectivityState($this->channel->getConnectivityState(true), $moment);
        while (($state = $this->channel->getConnectivityState(true)) !== CHANNEL_READY) {
            if (!$this->channel->watchConnectivityState($state, $deadline)) {
                return;
            }
        }
    }

    private function send(string $request, int $times): void
    {
        $message = [OP_SEND_MESSAGE => ['message' => $request]];
        if (!$this->method->clientStreaming) {
            $this->isClosed = true;
            $this->begin($message + [OP_SEND_CLOSE_FROM_CLIENT => true]);
            $this->sent = 1;
            return;
        }
        while ($times-- > 0) {
            $this->call->startBatch($message);
            $this->sent++;
        }
    }

    private function close(): void
    {
        if (!$this->isClosed) {
            $this->isClosed = true;
            $this->call->startBatch([OP_SEND_CLOSE_FROM_CLIENT => true]);
        }
    }

    private function receive(int $count): void
    {
        if ($this->method->serverStreaming) {
            while ($count-- !== 0 && $this->take([OP_RECV_MESSAGE => true]));
        } elseif ($this->status === null) {
            $this->take([OP_RECV_MESSAGE => true, OP_RECV_STATUS_ON_CLIENT => true]);
        }
    }

    private function wait(int $milliseconds): void
    {
        $untilNs = hrtime(true) + $milliseconds * 1_000_000;
        do {
            \Fiber::suspend();
            $leftUs = intdiv($untilNs - hrtime(true), 1000);
            usleep(max(0, min($leftUs, 1000)));
        } while ($leftUs > 0);
    }

    private function cancel(): void
    {
        $this->isCancelled = true;
        $this->call->cancel();
    }

    /**
     * Waits for what comes of the server; says whether a message was among it.
     *
     * @param array<int, true> $operations
     */
    private function take(array $operations): bool
    {
        if ($this->headers === null) {
            // Those beside it begin, too, before it is waited for.
            \Fiber::suspend();
            $operations[OP_RECV_INITIAL_METADATA] = true;
        }
        $event = $this->call->startBatch($operations);
        $this->headers ??= $event->metadata ?? [];
        if (isset($event->status)) {
            $this->status = $event->status;
            $this->elapsedMs = $this->msSinceBegin();
        }
        $message = $event->message ?? null;
        if ($message !== null) {
            $this->responses->add($this->method->response($message));
        }
        return $message !== null;
    }

    private function msSinceBegin(): float
    {
        return (hrtime(true) - $this->beganNs) / 1e6;
    }
}
