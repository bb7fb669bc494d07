<?php

declare(strict_types=1);

namespace Stitch;

/** Lines that come in over a stream. */
final class Lines
{
    private const CHUNK_BYTES = 1 << 20;

    private string $pending = '';

    /** @param resource $stream */
    public function __construct(public readonly mixed $stream)
    {
        // Nothing may lie in a buffer of which select() does not know, and lines are long.
        stream_set_read_buffer($stream, 0);
        stream_set_chunk_size($stream, self::CHUNK_BYTES);
    }

    /**
     * Waits until something is there, and returns the lines that it ends; null when the stream has ended.
     *
     * @return ?list<string>
     */
    public function read(): ?array
    {
        $chunk = (string) fread($this->stream, self::CHUNK_BYTES);
        if ($chunk === '') {
            return feof($this->stream) ? null : [];
        }
        $end = strrpos($chunk, "\n");
        if ($end === false) {
            $this->pending .= $chunk;
            return [];
        }
        $lines = explode("\n", $this->pending . substr($chunk, 0, $end));
        $this->pending = substr($chunk, $end + 1);
        return $lines;
    }

    /** Writes the line, whole, unless nobody reads any more. */
    public static function write(string $line): void
    {
        for ($rest = "$line\n"; $rest !== ''; $rest = substr($rest, $written)) {
            $written = @fwrite(STDOUT, $rest);
            if (!$written) {
                return;
            }
        }
    }

    /**
     * Writes the object as a line.
     *
     * @param array<string, mixed> $object
     */
    public static function tell(array $object): void
    {
        self::write(self::encode($object));
    }

    /** @param array<string, mixed> $object */
    public static function encode(array $object): string
    {
        return json_encode($object, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
    }

    /** @return ?array<mixed> */
    public static function decode(string $line): ?array
    {
        $said = json_decode($line, true);
        return is_array($said) ? $said : null;
    }
}
