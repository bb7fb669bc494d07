<?php

declare(strict_types=1);

namespace Stitch\Tests;

use Google\Protobuf\Internal\FileDescriptorProto;
use Google\Protobuf\Internal\FileDescriptorSet;
use Google\Protobuf\Internal\MethodDescriptorProto;
use Google\Protobuf\Internal\ServiceDescriptorProto;

/** The program as the harness runs it. */
final class Program
{
    private const SECONDS = 20;

    /** @var resource */
    private mixed $process;

    /** @var array<resource> */
    private array $pipes = [];

    /** @var list<array<string, mixed>> */
    public array $lines = [];

    private int $ids = 0;

    public function __construct(string ...$words)
    {
        $command = [PHP_BINARY, __DIR__ . '/../src/main.php', ...$words];
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $this->pipes);
        stream_set_blocking($this->pipes[1], true);
    }

    public function write(string $line): void
    {
        fwrite($this->pipes[0], "$line\n");
    }

    /**
     * Waits for the line of that kind about that id.
     *
     * @return array<string, mixed>
     */
    public function told(string $kind, string $id = ''): array
    {
        $read = 0;
        while (true) {
            for (; $read < count($this->lines); $read++) {
                $said = $this->lines[$read][$kind] ?? null;
                if ($said !== null && ($said['id'] ?? $said['callId'] ?? '') === $id) {
                    return $said;
                }
            }
            $this->lines[] = json_decode($this->line(1), true, 512, JSON_THROW_ON_ERROR);
        }
    }

    /** The next line of standard output or standard error. */
    public function line(int $output): string
    {
        [$readable, $none] = [[$this->pipes[$output]], null];
        if (!stream_select($readable, $none, $none, self::SECONDS)) {
            throw new \RuntimeException('it says nothing');
        }
        $line = fgets($this->pipes[$output]);
        return $line === false ? throw new \RuntimeException('it has ended') : $line;
    }

    /**
     * Returns the answer, without its id.
     *
     * @param array<string, mixed>|\stdClass $what
     * @return array<string, mixed>
     */
    public function do(string $instruction, array|\stdClass $what): array
    {
        $id = 'i' . $this->ids++;
        $this->write(json_encode(['id' => $id, $instruction => $what], JSON_THROW_ON_ERROR));
        return array_diff_key($this->told('answer', $id), ['id' => 0]);
    }

    /** @param array<string, mixed> $call */
    public function start(array $call): string
    {
        $id = 'c' . $this->ids++;
        $this->write(json_encode(['id' => $id, 'call' => $call], JSON_THROW_ON_ERROR));
        return $id;
    }

    /**
     * @param array<string, mixed> $call
     * @return array<string, mixed>
     */
    public function call(array $call): array
    {
        return $this->told('ended', $this->start($call));
    }

    /** Knows the types, and listens; returns the address. */
    public function listen(): string
    {
        $this->do('types', ['files' => base64_encode(self::types())]);
        return '127.0.0.1:' . $this->do('listen', ['host' => '127.0.0.1'])['port'];
    }

    public function signal(int $signal): void
    {
        proc_terminate($this->process, $signal);
    }

    /**
     * Ends the input; returns the exit code, and what else was said.
     *
     * @return array{int, string, string}
     */
    public function end(): array
    {
        fclose($this->pipes[0]);
        $said = array_map(stream_get_contents(...), [$this->pipes[1], $this->pipes[2]]);
        return [proc_close($this->process), ...$said];
    }

    /** A method of each kind. */
    private static function types(): string
    {
        $methods = [];
        foreach (['Unary' => [false, false], 'Upload' => [true, false], 'Watch' => [false, true]] as $name => $kind) {
            $methods[] = self::method($name, ...$kind);
        }
        $methods[] = self::method('Chat', true, true);
        $service = (new ServiceDescriptorProto())->setName('Kinds')->setMethod($methods);
        $file = (new FileDescriptorProto())->setName('kinds.proto')->setPackage('tests')->setService([$service]);
        return (new FileDescriptorSet())->setFile([$file])->serializeToString();
    }

    private static function method(string $name, bool $client, bool $server): MethodDescriptorProto
    {
        return (new MethodDescriptorProto())->setName($name)->setClientStreaming($client)->setServerStreaming($server);
    }
}
