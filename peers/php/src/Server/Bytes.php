<?php

declare(strict_types=1);

namespace Stitch\Server;

/** A message that is serialized already. */
final class Bytes
{
    public function __construct(public readonly string $bytes)
    {
    }

    public function serializeToString(): string
    {
        return $this->bytes;
    }
}
