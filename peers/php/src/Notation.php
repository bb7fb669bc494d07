<?php

declare(strict_types=1);

namespace Stitch;

/** How the lines spell what gRPC for PHP has. */
final class Notation
{
    /** What has a message compressed: gRPC takes it for itself, and sends none of it. */
    private const COMPRESSION = ['grpc-internal-encoding-request' => ['gzip']];

    /**
     * Spells metadata, in the order in which gRPC has it.
     *
     * @param ?array<list<string>> $metadata
     * @return list<array<string, string>>
     */
    public static function spell(?array $metadata): array
    {
        $entries = [];
        foreach ($metadata ?? [] as $key => $values) {
            foreach ($values as $value) {
                $entries[] = str_ends_with((string) $key, '-bin')
                    ? ['key' => (string) $key, 'binary' => base64_encode($value)]
                    : ['key' => (string) $key, 'text' => $value];
            }
        }
        return $entries;
    }

    /**
     * Reads entries of metadata as gRPC takes them: a list of values for each key.
     *
     * @param list<array<string, string>> $entries
     * @return array<list<string>>
     */
    public static function metadata(array $entries): array
    {
        $metadata = [];
        foreach ($entries as $entry) {
            $binary = $entry['binary'] ?? null;
            $metadata[$entry['key']][] = $binary === null ? $entry['text'] ?? '' : base64_decode($binary);
        }
        return $metadata;
    }

    /**
     * What asks for the compression of a call or a script.
     *
     * @param array<string, mixed> $thing
     * @return array<string, list<string>>
     */
    public static function compression(array $thing): array
    {
        return match ($thing['compression'] ?? '') {
            '' => [],
            'gzip' => self::COMPRESSION,
            default => throw Unknown::what('compression', $thing['compression']),
        };
    }

    /**
     * The steps of a call or a script, none of which may be unknown.
     *
     * @param array<string, mixed> $thing
     * @param list<string> $known
     * @return list<array<string, mixed>>
     */
    public static function steps(array $thing, array $known): array
    {
        $steps = $thing['steps'] ?? [];
        foreach ($steps as $step) {
            if (array_intersect($known, array_keys($step)) === []) {
                throw Unknown::what('step', $step);
            }
        }
        return $steps;
    }

    /**
     * The channel arguments for `keepalive` and `maxReceiveBytes`, of a channel or a listener.
     *
     * @param array<string, mixed> $thing
     * @return array<string, int>
     */
    public static function arguments(array $thing): array
    {
        $arguments = ['grpc.enable_http_proxy' => 0];
        if ($keepalive = $thing['keepalive'] ?? null) {
            $timeout = $keepalive['timeoutMs'] ?? 0;
            $arguments += [
                'grpc.keepalive_time_ms' => $keepalive['timeMs'] ?? 0,
                'grpc.keepalive_timeout_ms' => $timeout,
                'grpc.keepalive_permit_without_calls' => (int) ($keepalive['withoutCalls'] ?? false),
                // gRPC stops otherwise after two pings with no data between them.
                'grpc.http2.max_pings_without_data' => 0,
            ];
        }
        if ($limit = $thing['maxReceiveBytes'] ?? 0) {
            $arguments['grpc.max_receive_message_length'] = $limit;
        }
        return $arguments;
    }
}
