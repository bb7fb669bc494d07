<?php

declare(strict_types=1);

namespace Stitch\Peer;

use Stitch\Arguments;
use Stitch\Lines;
use Stitch\Methods;
use Stitch\Process;
use Stitch\Unknown;

/**
 * The peer: one loop, client and server alike. It reads the lines, and has other processes
 * make the calls and listen, whose lines it passes on.
 */
final class Peer
{
    private const GRACE_SECONDS = 5;

    /** @var array<string, array{bool, bool, string, string}> */
    private array $methods = [];

    private Callers $callers;

    private Listeners $listeners;

    private bool $isStopping = false;

    public function __construct(Arguments $arguments)
    {
        $arguments->end();
        $this->callers = new Callers();
        $this->listeners = new Listeners();
    }

    /** Does what the lines on standard input say until they end; then finishes what is in flight. */
    public function run(): int
    {
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, fn () => $this->isStopping = true);
        pcntl_signal(SIGINT, fn () => $this->isStopping = true);
        Lines::tell(['ready' => [
            'language' => 'PHP',
            'languageVersion' => PHP_VERSION,
            'library' => 'grpc',
            'libraryVersion' => $this->callers->libraryVersion(),
            'messages' => 'bytes',
        ]]);
        $this->obeyAll(new Lines(STDIN));
        $this->finish();
        return 0;
    }

    private function obeyAll(Lines $lines): void
    {
        while (!$this->isStopping) {
            // A signal that comes just before is noticed a little later.
            if (!$this->hear(1, $lines->stream)) {
                continue;
            }
            $read = $lines->read();
            if ($read === null) {
                return;
            }
            array_map($this->obey(...), $read);
        }
    }

    private function finish(): void
    {
        $until = microtime(true) + self::GRACE_SECONDS;
        while (microtime(true) < $until) {
            $this->listeners->stopIdle();
            if ($this->callers->areIdle() && $this->listeners->areGone()) {
                break;
            }
            $this->hear(0.1);
        }
        array_map(fn (Process $process) => $process->kill(), $this->processes());
    }

    /**
     * Waits until something is there, and hears what the other processes say.
     *
     * @param ?resource $input what is waited for, too
     * @return bool whether something is there to be read of the input
     */
    private function hear(float $seconds, mixed $input = null): bool
    {
        $processes = $this->processes();
        $readable = array_map(fn (Process $process) => $process->lines->stream, $processes);
        if ($input) {
            $readable['input'] = $input;
        }
        $sending = array_filter($processes, fn (Process $process) => $process->hasUnsent());
        $writable = array_map(fn (Process $process) => $process->input(), $sending);
        $none = null;
        $microseconds = (int) ($seconds * 1e6);
        // False is a signal.
        if (!@stream_select($readable, $writable, $none, intdiv($microseconds, 1_000_000), $microseconds % 1_000_000)) {
            return false;
        }
        foreach (array_keys($writable) as $key) {
            $processes[$key]->send();
        }
        foreach (array_keys(array_diff_key($readable, ['input' => 0])) as $key) {
            $this->hearOne($processes[$key]);
        }
        return isset($readable['input']);
    }

    private function hearOne(Process $process): void
    {
        $lines = $process->lines->read();
        if ($lines === null) {
            if (!$this->listeners->ended($process)) {
                throw new \RuntimeException('a process that makes or serves calls has died');
            }
            return;
        }
        foreach ($lines as $line) {
            $this->callers->heard($process, $line) || $this->listeners->heard($process, $line);
        }
    }

    /** @return array<int, Process> */
    private function processes(): array
    {
        return $this->callers->processes() + $this->listeners->processes();
    }

    private function obey(string $line): void
    {
        $said = Lines::decode($line) ?? [];
        $id = $said['id'] ?? '';
        if (!is_string($id) || $id === '') {
            $this->answer('', ['refused' => 'the line is not a JSON object with an id']);
        } elseif (is_array($said['call'] ?? null)) {
            $this->callers->give($said['call'], $line);
        } elseif (is_array($said['listen'] ?? null)) {
            $this->listeners->open($id, $said['listen'], $this->methods);
        } else {
            $this->answer($id, $this->done($said));
        }
    }

    /**
     * Does what the instruction says; returns what is to be answered, and never throws.
     *
     * @param array<mixed> $said
     * @return array<string, string>
     */
    private function done(array $said): array
    {
        try {
            match (true) {
                isset($said['types']) => $this->know($said['types']['files'] ?? ''),
                isset($said['script']) => $this->listeners->keep($said['script']),
                isset($said['close']) => $this->listeners->close($said['close']['port'] ?? 0),
                isset($said['flush']) => $this->flush(),
                default => throw Unknown::what('instruction', array_keys($said)),
            };
            return [];
        } catch (\Exception $error) {
            return ['refused' => $error->getMessage()];
        }
    }

    private function know(string $files): void
    {
        $this->methods = Methods::read(base64_decode($files));
        $this->callers->know($this->methods);
    }

    /** A call's line is written before its status is given: what has not been heard yet is there to be heard. */
    private function flush(): void
    {
        do {
            $readable = array_map(fn (Process $process) => $process->lines->stream, $this->listeners->processes());
            $none = null;
            $isMore = $readable !== [] && @stream_select($readable, $none, $none, 0);
            foreach (array_keys($isMore ? $readable : []) as $key) {
                $this->hearOne($this->listeners->processes()[$key]);
            }
        } while ($isMore);
    }

    /** @param array<string, string> $answer */
    private function answer(string $id, array $answer): void
    {
        Lines::tell(['answer' => ['id' => $id] + $answer]);
    }
}
