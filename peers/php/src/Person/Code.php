<?php

declare(strict_types=1);

namespace Stitch\Person;

/** Names of status codes, which gRPC for PHP has as constants only. */
final class Code
{
    private const NAMES = [
        'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS',
        'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE',
        'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED',
    ];

    public static function name(int $code): string
    {
        return self::NAMES[$code] ?? "code $code";
    }
}
