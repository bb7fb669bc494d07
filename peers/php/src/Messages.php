<?php

declare(strict_types=1);

namespace Stitch;

/** Messages as a record has them: equal ones in a row are one entry. */
final class Messages implements \JsonSerializable
{
    /** @var list<array{bytes: string, times: int}> */
    private array $entries = [];

    private ?string $last = null;

    public function add(string $message): void
    {
        if ($message === $this->last) {
            $this->entries[count($this->entries) - 1]['times']++;
            return;
        }
        $this->entries[] = ['bytes' => base64_encode($message), 'times' => 1];
        $this->last = $message;
    }

    public function isEmpty(): bool
    {
        return $this->entries === [];
    }

    /** @return list<array{bytes: string, times: int}> */
    public function jsonSerialize(): array
    {
        return $this->entries;
    }
}
