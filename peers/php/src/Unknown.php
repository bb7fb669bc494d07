<?php

declare(strict_types=1);

namespace Stitch;

/** A line has something that this peer does not know. */
final class Unknown extends \Exception
{
    /** Names it: `compression "br"`. */
    public static function what(string $what, mixed $value): self
    {
        return new self("$what " . json_encode($value, JSON_UNESCAPED_SLASHES));
    }
}
