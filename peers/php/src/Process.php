<?php

declare(strict_types=1);

namespace Stitch;

/**
 * Another process of this program. gRPC for PHP waits inside of its calls, and so whoever
 * is to do something meanwhile is a process that has no gRPC.
 */
final class Process
{
    private const EXTENSION = __DIR__ . '/../build/grpc.so';
    private const VARIABLE = 'STITCH_GRPC_EXTENSION';
    private const CHUNK_BYTES = 1 << 16;

    public readonly Lines $lines;

    /** @var resource */
    private mixed $process;

    /** @var resource */
    private mixed $input;

    private string $unsent = '';

    private int $sent = 0;

    /** It ends with this process, at the latest. */
    public function __construct(string ...$words)
    {
        $command = ['setpriv', '--pdeathsig', 'KILL', ...self::command(...$words)];
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
        $this->process = $process ?: throw new \RuntimeException("cannot start $command[0]");
        [$this->input, $output] = $pipes;
        stream_set_blocking($this->input, false);
        $this->lines = new Lines($output);
    }

    /** Continues as that command, with gRPC, unless this process has it. */
    public static function needsGrpc(string ...$words): void
    {
        if (!extension_loaded('grpc')) {
            $command = self::command(...$words);
            pcntl_exec(array_shift($command), $command);
        }
    }

    /** Gives it a line; what it does not take yet is kept. */
    public function say(string $line): void
    {
        $this->unsent .= "$line\n";
        $this->send();
    }

    public function send(): void
    {
        while ($this->hasUnsent()) {
            $written = @fwrite($this->input, substr($this->unsent, $this->sent, self::CHUNK_BYTES));
            if (!$written) {
                return;
            }
            $this->sent += $written;
        }
        [$this->unsent, $this->sent] = ['', 0];
    }

    public function hasUnsent(): bool
    {
        return $this->sent < strlen($this->unsent);
    }

    /** @return resource */
    public function input(): mixed
    {
        return $this->input;
    }

    public function isRunning(): bool
    {
        return proc_get_status($this->process)['running'];
    }

    /** Ends it at once. It is gone on return, and so are its connections. */
    public function kill(): void
    {
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
    }

    /** @return non-empty-list<string> */
    private static function command(string ...$words): array
    {
        if (!extension_loaded('grpc')) {
            // For those, too, that it starts.
            putenv(self::VARIABLE . '=' . self::EXTENSION);
        }
        $file = getenv(self::VARIABLE);
        $extension = $file === false ? [] : ['-d', "extension=$file"];
        return [PHP_BINARY, ...$extension, __DIR__ . '/main.php', ...$words];
    }
}
