<?php

declare(strict_types=1);

namespace Stitch\Peer;

use Stitch\Lines;
use Stitch\Process;

/**
 * The processes that make calls. One that has the call's channel already is the first choice,
 * then any that makes no call just now, then a new one. When there are many, the least busy one.
 */
final class Callers
{
    private const MOST = 16;

    /** @var array<int, Process> */
    private array $processes = [];

    /** @var array<int, int> calls in flight, by process */
    private array $inFlight = [];

    /** @var array<int, array<string, true>> contents of channels, by process */
    private array $channels = [];

    private string $libraryVersion = '';

    /** What a new process is to know first. */
    private string $methods = '{"methods":[]}';

    public function __construct()
    {
        $this->start();
    }

    /** Waits until a process says it. */
    public function libraryVersion(): string
    {
        while ($this->libraryVersion === '') {
            foreach ($this->processes as $process) {
                foreach ($process->lines->read() ?? throw new \RuntimeException('no process has gRPC') as $line) {
                    $this->heard($process, $line);
                }
            }
        }
        return $this->libraryVersion;
    }

    /** @return array<int, Process> */
    public function processes(): array
    {
        return $this->processes;
    }

    public function areIdle(): bool
    {
        return array_sum($this->inFlight) === 0;
    }

    /** @param array<string, array{bool, bool, string, string}> $methods */
    public function know(array $methods): void
    {
        $this->methods = Lines::encode(['methods' => $methods]);
        foreach ($this->processes as $process) {
            $process->say($this->methods);
        }
    }

    /**
     * Has a call made.
     *
     * @param array<string, mixed> $call
     * @param string $line the line that says it
     */
    public function give(array $call, string $line): void
    {
        $content = serialize($call['channel'] ?? []);
        $key = $this->choose($content);
        $this->channels[$key][$content] = true;
        $this->inFlight[$key] += ($call['times'] ?? 0) ?: 1;
        $this->processes[$key]->say($line);
    }

    /** Takes the line of a process; says whether it is one of these. */
    public function heard(Process $process, string $line): bool
    {
        $key = spl_object_id($process);
        if (!isset($this->processes[$key])) {
            return false;
        }
        if (str_starts_with($line, '{"ended"')) {
            Lines::write($line);
            $this->inFlight[$key]--;
        } else {
            $this->libraryVersion = Lines::decode($line)['libraryVersion'] ?? '';
        }
        return true;
    }

    private function choose(string $content): int
    {
        $idle = array_keys($this->inFlight, 0, true);
        foreach ($idle as $key) {
            if (isset($this->channels[$key][$content])) {
                return $key;
            }
        }
        if ($idle === [] && count($this->processes) < self::MOST) {
            return $this->start();
        }
        return $idle[0] ?? array_search(min($this->inFlight), $this->inFlight, true);
    }

    private function start(): int
    {
        $process = new Process('caller');
        $process->say($this->methods);
        $key = spl_object_id($process);
        [$this->processes[$key], $this->inFlight[$key], $this->channels[$key]] = [$process, 0, []];
        return $key;
    }
}
