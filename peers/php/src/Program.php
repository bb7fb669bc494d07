<?php

declare(strict_types=1);

namespace Stitch;

/** The commands of the program. */
final class Program
{
    private const USAGE = <<<'END'
        usage: stitch-php server [--host HOST] [--port PORT]
               stitch-php client [--address HOST:PORT]... [NAME...]
               stitch-php health [--address HOST:PORT]
               stitch-php peer

        END;

    /**
     * Runs what the words name, and returns the exit code.
     *
     * @param list<string> $words
     */
    public static function run(array $words): int
    {
        try {
            return self::command($words);
        } catch (UsageError $error) {
            fwrite(STDERR, "error: {$error->getMessage()}\n" . self::USAGE);
            return 2;
        }
    }

    /** @param list<string> $words */
    private static function command(array $words): int
    {
        $command = array_shift($words) ?? throw new UsageError('no command');
        $arguments = new Arguments($words);
        return match ($command) {
            'server' => (new Person\Server($arguments->host(), $arguments->port()))->run(),
            'client' => Person\Client::run($arguments->addresses(), $arguments->names()),
            'health' => Person\Health::run($arguments->onlyAddress()),
            'peer' => (new Peer\Peer($arguments))->run(),
            // Those that this program itself starts: only they have gRPC.
            'serve' => Person\Server::serve($arguments->host(), $arguments->port()),
            'caller' => (new Client\Caller())->run(),
            'listener' => (new Server\Listener())->run(),
            'clock' => (new Server\Clock(...$words))->run(),
            default => throw new UsageError("no command \"$command\""),
        };
    }
}
