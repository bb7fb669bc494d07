<?php

declare(strict_types=1);

namespace Stitch\Tests;

use PHPUnit\Framework\TestCase;

/** What a person runs. */
final class PersonTest extends TestCase
{
    private const STITCH = "Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n";

    public function testAPersonReadsTheRowsOfAHealthyServer(): void
    {
        $server = new Program('server', '--port', '0');
        $address = trim(substr($server->line(2), strlen('listening on ')));
        self::assertSame([0, '', ''], (new Program('health', '--address', $address))->end());
        self::assertSame([0, self::STITCH, ''], (new Program('client', "--address=$address"))->end());
        self::assertSame(
            [1, self::STITCH, "NOT_FOUND: expirement not found\n"],
            (new Program('client', '--address', $address, 'nobody', 'Stitch'))->end(),
        );
        $port = explode(':', $address)[1];
        [$code, , $why] = (new Program('server', '--port', $port))->end();
        self::assertSame(1, $code);
        self::assertStringContainsString("cannot listen on $address: port $port: address already in use", $why);
        $server->signal(SIGTERM);
        self::assertSame([0, '', ''], $server->end());
    }

    public function testAServerThatIsNotThereIsNotHealthy(): void
    {
        [$code, , $why] = (new Program('health', '--address', '127.0.0.1:1'))->end();
        self::assertSame(1, $code);
        self::assertStringStartsWith('127.0.0.1:1 is not healthy: UNAVAILABLE: ', $why);
    }

    /**
     * @dataProvider badArguments
     * @param list<string> $words
     */
    public function testBadArgumentsAreExitCode2(array $words): void
    {
        [$code, $output, $why] = (new Program(...$words))->end();
        self::assertSame([2, ''], [$code, $output]);
        self::assertStringStartsWith('error: ', $why);
    }

    /** @return list<array{list<string>}> */
    public function badArguments(): array
    {
        $port = ['server', '--port', '65536'];
        return [[[]], [['dance']], [$port], [['client', '-x']], [['peer', 'x']], [['health', 'x']]];
    }
}
