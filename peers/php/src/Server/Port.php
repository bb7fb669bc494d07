<?php

declare(strict_types=1);

namespace Stitch\Server;

/** A port that cannot be had. */
final class Port
{
    /** Says why: gRPC does so on standard error only. */
    public static function whyNot(string $host, int $port): string
    {
        $probe = @stream_socket_server("tcp://$host:$port", $code, $message);
        return "port $port: " . ($probe ? 'gRPC cannot listen there' : lcfirst($message));
    }
}
