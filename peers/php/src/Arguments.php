<?php

declare(strict_types=1);

namespace Stitch;

/** The words behind a command. What asks for the last of them must have taken the options before. */
final class Arguments
{
    private const MAX_PORT = 65535;

    /** @param list<string> $words */
    public function __construct(private array $words)
    {
    }

    public function host(): string
    {
        return $this->option('host', '127.0.0.1');
    }

    public function port(): int
    {
        $word = $this->option('port', '6000');
        if (!preg_match('/^\d{1,5}$/D', $word) || (int) $word > self::MAX_PORT) {
            throw new UsageError("port \"$word\" is not a number from 0 to " . self::MAX_PORT);
        }
        $this->end();
        return (int) $word;
    }

    /** @return list<string> */
    public function addresses(): array
    {
        $addresses = [];
        while (($address = $this->option('address', '')) !== '') {
            $addresses[] = $address;
        }
        return $addresses === [] ? ['127.0.0.1:6000'] : $addresses;
    }

    public function onlyAddress(): string
    {
        $address = $this->option('address', '127.0.0.1:6000');
        $this->end();
        return $address;
    }

    /** @return list<string> */
    public function names(): array
    {
        foreach ($this->words as $word) {
            if (str_starts_with($word, '-')) {
                throw new UsageError("no option \"$word\"");
            }
        }
        return $this->words === [] ? ['Stitch'] : $this->words;
    }

    /** Nothing may be left. */
    public function end(): void
    {
        if ($this->words !== []) {
            throw new UsageError("\"{$this->words[0]}\" is too much");
        }
    }

    /** Takes `--NAME VALUE`, or `--NAME=VALUE`. */
    private function option(string $name, string $default): string
    {
        foreach ($this->words as $index => $word) {
            if ($word === "--$name") {
                [, $value] = [...array_splice($this->words, $index, 2), null];
                return $value ?? throw new UsageError("--$name wants a value");
            }
            if (str_starts_with($word, "--$name=")) {
                array_splice($this->words, $index, 1);
                return substr($word, strlen("--$name="));
            }
        }
        return $default;
    }
}
