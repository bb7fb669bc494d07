<?php

declare(strict_types=1);

namespace Stitch\Server;

use Stitch\Process;

/**
 * Has calls wait, and others be served meanwhile. A server waits for its next call, and for
 * nothing else; so another process makes a call of it when a time has come, over a socket of
 * their own.
 */
final class Alarm
{
    public readonly string $address;

    private readonly string $path;

    private ?Process $clock = null;

    public function __construct()
    {
        $this->path = '/' . bin2hex(random_bytes(16));
        $this->address = "unix-abstract:stitch$this->path";
    }

    /** Whether a call is one that wakes. */
    public function isIt(\stdClass $event): bool
    {
        return $event->method === $this->path;
    }

    /** Lets others go on for so long. Within a fiber, which is resumed whenever something has come. */
    public function wait(int $milliseconds): void
    {
        $until = microtime(true) + $milliseconds / 1000;
        $this->clock ??= new Process('clock', $this->address, $this->path);
        $this->clock->say((string) $until);
        do {
            \Fiber::suspend();
        } while (microtime(true) < $until);
    }
}
