<?php

declare(strict_types=1);

namespace Stitch\Peer;

use Stitch\Lines;
use Stitch\Notation;
use Stitch\Process;
use Stitch\Server\Call;
use Stitch\Unknown;

/** The processes that listen, one a port, and the scripts that they ask for. */
final class Listeners
{
    /** @var array<int, Process> */
    private array $processes = [];

    /** @var array<int, string> ids of what is not answered yet, by process */
    private array $opening = [];

    /** @var array<int, int> ports, by process */
    private array $ports = [];

    /** @var array<int, int> calls in flight, by process */
    private array $busy = [];

    /** @var array<string, string> each as a line, by name */
    private array $scripts = [];

    /** @return array<int, Process> */
    public function processes(): array
    {
        return $this->processes;
    }

    /**
     * Opens a listener; it is answered when calls are accepted.
     *
     * @param array<string, mixed> $listen
     * @param array<string, array{bool, bool, string, string}> $methods
     */
    public function open(string $id, array $listen, array $methods): void
    {
        if (isset($listen['tls'])) {
            $this->answer($id, ['refused' => 'tls']);
            return;
        }
        $process = new Process('listener');
        $key = spl_object_id($process);
        [$this->processes[$key], $this->opening[$key], $this->busy[$key]] = [$process, $id, 0];
        $process->say(Lines::encode(['methods' => $methods, 'listen' => $listen]));
    }

    /** Ends a listener and its connections at once. */
    public function close(int $port): void
    {
        $key = array_search($port, $this->ports, true);
        if ($key === false) {
            throw Unknown::what('listener', $port);
        }
        $this->end($this->processes[$key]);
    }

    /** Ends those without a call in flight. */
    public function stopIdle(): void
    {
        foreach (array_diff_key($this->processes, array_filter($this->busy)) as $process) {
            $this->end($process);
        }
    }

    public function areGone(): bool
    {
        return $this->processes === [];
    }

    /** @param array<string, mixed> $script */
    public function keep(array $script): void
    {
        Notation::compression($script);
        if (Notation::steps($script, Call::STEPS) === []) {
            unset($this->scripts[$script['name']]);
        } else {
            $this->scripts[$script['name']] = Lines::encode($script);
        }
    }

    /** Takes the line of a process. */
    public function heard(Process $process, string $line): void
    {
        if (str_starts_with($line, '{"served"')) {
            Lines::write($line);
            return;
        }
        $key = spl_object_id($process);
        $said = Lines::decode($line) ?? [];
        match (true) {
            isset($said['asked']) => $this->tell($process, $said['asked']['name'] ?: $said['asked']['path']),
            isset($said['port']) => $this->opened($key, $said['port']),
            isset($said['refused']) => $this->answerOpening($key, $said),
            default => $this->rest($key),
        };
    }

    /** One has ended by itself; says whether that was to be expected. */
    public function ended(Process $process): bool
    {
        $key = spl_object_id($process);
        if (!isset($this->processes[$key]) || isset($this->ports[$key])) {
            return false;
        }
        if (isset($this->opening[$key])) {
            $this->answerOpening($key, ['refused' => 'its process has died']);
        }
        $this->end($process);
        return true;
    }

    private function tell(Process $process, string $name): void
    {
        $this->busy[spl_object_id($process)]++;
        $process->say($this->scripts[$name] ?? 'null');
    }

    private function rest(int $key): void
    {
        $this->busy[$key]--;
    }

    private function opened(int $key, int $port): void
    {
        $this->ports[$key] = $port;
        $this->answerOpening($key, ['port' => $port]);
    }

    private function end(Process $process): void
    {
        $process->kill();
        $key = spl_object_id($process);
        unset($this->processes[$key], $this->ports[$key], $this->busy[$key], $this->opening[$key]);
    }

    /** @param array<string, mixed> $answer */
    private function answerOpening(int $key, array $answer): void
    {
        $this->answer($this->opening[$key], $answer);
        unset($this->opening[$key]);
    }

    /** @param array<string, mixed> $answer */
    private function answer(string $id, array $answer): void
    {
        Lines::tell(['answer' => ['id' => $id] + $answer]);
    }
}
