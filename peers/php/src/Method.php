<?php

declare(strict_types=1);

namespace Stitch;

use Google\Protobuf\Internal\Message;

/**
 * A method, and the kind and types of its calls. PHP has messages with generated code only:
 * those without are bytes.
 */
final class Method
{
    public const PICK_ONE = '/Manage/PickOne';

    public function __construct(
        public readonly string $path,
        public readonly bool $clientStreaming,
        public readonly bool $serverStreaming,
        private readonly string $requestType,
        private readonly string $responseType,
    ) {
    }

    /** Parses a request, and serializes it again; throws where it is none. */
    public function request(string $bytes): string
    {
        return self::again($this->requestType, $bytes);
    }

    /** Parses a response, and serializes it again; throws where it is none. */
    public function response(string $bytes): string
    {
        return self::again($this->responseType, $bytes);
    }

    public function isPlain(): bool
    {
        return $this->path === self::PICK_ONE;
    }

    private static function again(string $type, string $bytes): string
    {
        $class = str_replace('.', '\\', ucwords($type, '.'));
        if (!is_subclass_of($class, Message::class)) {
            return $bytes;
        }
        $message = new $class();
        $message->mergeFromString($bytes);
        return $message->serializeToString();
    }
}
