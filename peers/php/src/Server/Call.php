<?php

declare(strict_types=1);

namespace Stitch\Server;

use Google\Protobuf\Internal\GPBDecodeException;
use Grpc\ServerCallWriter;
use Grpc\ServerContext;
use Grpc\Status;
use Stitch\Lines;
use Stitch\Manage\Service;
use Stitch\Messages;
use Stitch\Method;
use Stitch\Notation;

use const Grpc\OP_RECV_MESSAGE;
use const Grpc\STATUS_OK;
use const Grpc\STATUS_UNIMPLEMENTED;
use const Grpc\STATUS_UNKNOWN;

/** A call of any kind, and the record of it. */
final class Call
{
    public const STEPS = ['headers', 'receive', 'send', 'waitMs', 'end'];

    private readonly ServerContext $context;

    private readonly ServerCallWriter $writer;

    private Messages $requests;

    private Messages $responses;

    private ?string $script = null;

    private ?string $unusable = null;

    /** What goes with the status, where a method gives one response. */
    private ?Bytes $response = null;

    public function __construct(
        private readonly \stdClass $event,
        private readonly Method $method,
        private readonly Alarm $alarm,
    ) {
        $this->context = new ServerContext($event);
        $this->writer = new ServerCallWriter($event->call, $this->context);
        $this->requests = new Messages();
        $this->responses = new Messages();
    }

    /** Ends a call of a method that is not served. */
    public static function turnAway(\stdClass $event): void
    {
        $context = new ServerContext($event);
        $context->setStatus(Status::unimplemented());
        (new ServerCallWriter($event->call, $context))->finish();
    }

    /** The script that it names, or "". */
    public function scriptName(): string
    {
        return $this->value('stitch-script');
    }

    /**
     * Serves it by the script, if there is one.
     *
     * @param ?array<string, mixed> $script
     */
    public function serve(?array $script): void
    {
        try {
            $this->answer($script);
        } catch (GPBDecodeException $error) {
            $this->unusable = $error->getMessage();
            $this->context->setStatus(Status::status(STATUS_UNKNOWN, $error->getMessage()));
        }
        $status = $this->context->status() ?? Status::ok();
        Lines::tell(['served' => array_filter([
            'callId' => $this->value('stitch-call-id'),
            'method' => $this->method->path,
            'script' => $this->script,
            'metadata' => Notation::spell($this->context->clientMetadata()),
            'requests' => $this->requests,
            'responses' => $this->responses,
            'status' => ['code' => $status['code'], 'message' => $status['details']],
            'unusable' => $this->unusable,
        ], fn (mixed $member) => $member !== null)]);
        $this->writer->finish($this->response);
    }

    /** @param ?array<string, mixed> $script */
    private function answer(?array $script): void
    {
        $name = $this->scriptName();
        if ($script !== null) {
            $this->play($script);
        } elseif ($name !== '') {
            $this->context->setStatus(Status::status(STATUS_UNIMPLEMENTED, "no script \"$name\""));
        } elseif ($this->method->isPlain()) {
            $this->pickOne();
        } else {
            $this->context->setStatus(Status::status(STATUS_UNIMPLEMENTED, 'no script'));
        }
    }

    private function pickOne(): void
    {
        $request = new \NameRequest();
        $request->mergeFromString($this->receive() ?? '');
        $row = (new Service())->PickOne($request, $this->context);
        if ($row !== null) {
            $this->send($row->serializeToString(), 1);
        }
    }

    /** @param array<string, mixed> $script */
    private function play(array $script): void
    {
        $this->script = $script['name'];
        $compression = Notation::compression($script);
        $this->context->setInitialMetadata($compression);
        foreach ($script['steps'] as $step) {
            match (true) {
                isset($step['headers']) => $this->sendHeaders($step['headers']['entries'] ?? [], $compression),
                isset($step['receive']) => $this->receiveMany($step['receive']),
                isset($step['send']) => $this->send(base64_decode($step['send']), ($step['times'] ?? 0) ?: 1),
                isset($step['waitMs']) => $this->alarm->wait($step['waitMs']),
                default => $this->end($step['end']),
            };
        }
    }

    /**
     * @param list<array<string, string>> $entries
     * @param array<string, list<string>> $compression
     */
    private function sendHeaders(array $entries, array $compression): void
    {
        $this->context->setInitialMetadata(Notation::metadata($entries) + $compression);
        $this->writer->start();
    }

    private function receiveMany(int $count): void
    {
        while ($count-- !== 0 && $this->receive() !== null);
    }

    private function receive(): ?string
    {
        $message = $this->event->call->startBatch([OP_RECV_MESSAGE => true])->message ?? null;
        if ($message === null) {
            return null;
        }
        $request = $this->method->request($message);
        $this->requests->add($request);
        return $request;
    }

    private function send(string $bytes, int $times): void
    {
        $this->response = new Bytes($this->method->response($bytes));
        while ($times-- > 0) {
            if ($this->method->serverStreaming) {
                $this->writer->write($this->response);
            }
            $this->responses->add($this->response->bytes);
        }
        if ($this->method->serverStreaming) {
            $this->response = null;
        }
    }

    /** @param array<string, mixed> $end */
    private function end(array $end): void
    {
        $status = $end['status'] ?? [];
        $trailers = Notation::metadata($end['trailers'] ?? []);
        if ($details = $status['details'] ?? '') {
            // To gRPC for PHP they are a trailer like any other.
            $trailers['grpc-status-details-bin'][] = base64_decode($details);
        }
        $code = $status['code'] ?? STATUS_OK;
        $this->context->setStatus(Status::status($code, $status['message'] ?? '', $trailers));
    }

    /** The first value of a key of the request metadata, or "". */
    private function value(string $key): string
    {
        return $this->context->clientMetadata()[$key][0] ?? '';
    }
}
