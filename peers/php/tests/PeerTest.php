<?php

declare(strict_types=1);

namespace Stitch\Tests;

use PHPUnit\Framework\TestCase;

/** The peer, as client of itself. */
final class PeerTest extends TestCase
{
    private const ONE = 'CgNvbmU=';
    private const TWO = 'CgN0d28=';
    private const STITCH = 'CgZTdGl0Y2g=';
    private const ROW = 'CgZTdGl0Y2gQBxoUbWFraW5nIGFubm95ZWQgbm9pc2U=';

    private Program $peer;

    private string $address;

    protected function setUp(): void
    {
        $this->peer = new Program('peer');
        $this->address = $this->peer->listen();
    }

    protected function tearDown(): void
    {
        self::assertSame(0, $this->peer->end()[0]);
    }

    public function testARowIsFound(): void
    {
        $ended = $this->plain(self::STITCH);
        self::assertSame(0, $ended['status']['code']);
        self::assertSame([['bytes' => self::ROW, 'times' => 1]], $ended['responses']);
        $served = $this->peer->told('served', $ended['id']);
        self::assertSame([['bytes' => self::STITCH, 'times' => 1]], $served['requests']);
        self::assertSame($ended['status'], $served['status']);
        self::assertContains(['key' => 'stitch-call-id', 'text' => $ended['id']], $served['metadata']);
    }

    public function testAnyOtherNameIsNotFound(): void
    {
        $status = ['code' => 5, 'message' => 'expirement not found'];
        $ended = $this->plain('CgZzdGl0Y2g=');
        self::assertSame($status, $ended['status']);
        self::assertSame($status, $this->peer->told('served', $ended['id'])['status']);
    }

    public function testARequestThatIsNoneIsUnusable(): void
    {
        self::assertNotSame('', $this->plain('CgZT')['unusable']);
    }

    /** @dataProvider kinds */
    public function testACallOfEveryKindIsPlayed(string $method, array $requests, array $responses): void
    {
        $sends = fn (array $messages) => array_map(fn (string $message) => ['send' => $message], $messages);
        $end = ['end' => ['trailers' => self::entries('x-t')]];
        $this->script($method, [['receive' => -1], ...$sends($responses), $end]);
        $ended = $this->call($method, $sends($requests), ['compression' => 'gzip']);
        $served = $this->peer->told('served', $ended['id']);
        self::assertSame(0, $ended['status']['code'], $ended['status']['message']);
        self::assertSame($requests, self::bytes($served['requests']));
        self::assertSame($responses, self::bytes($served['responses']));
        self::assertSame($responses, self::bytes($ended['responses']));
        self::assertSame([count($requests), self::entries('x-t')], [$ended['sent'], $ended['trailers']]);
    }

    /** @return array<string, array{string, list<string>, list<string>}> */
    public function kinds(): array
    {
        return [
            'unary' => ['/tests.Kinds/Unary', [self::ONE], [self::TWO]],
            'upload' => ['/tests.Kinds/Upload', [self::ONE, self::TWO, self::TWO], [self::ONE]],
            'watch' => ['/tests.Kinds/Watch', [self::ONE], [self::TWO, self::TWO, self::ONE]],
            'chat' => ['/tests.Kinds/Chat', [self::ONE, self::TWO], [self::TWO, self::ONE]],
        ];
    }

    public function testHeadersComeFirstAndAnswersGoBackAndForth(): void
    {
        $turn = [['receive' => 1], ['send' => self::TWO]];
        $this->script('chat', [['headers' => ['entries' => self::entries('x-h')]], ...$turn, ...$turn]);
        $turn = [['send' => self::ONE], ['receive' => 1]];
        $metadata = ['metadata' => self::entries('stitch-script', 'chat')];
        $ended = $this->call('/tests.Kinds/Chat', [...$turn, ...$turn], $metadata);
        self::assertSame([self::TWO, self::TWO], self::bytes($ended['responses']));
        self::assertSame(self::entries('x-h'), $ended['headers']);
    }

    public function testACallThatIsCancelledIsCancelled(): void
    {
        $this->script('slow', [['receive' => 1], ['waitMs' => 300], ['send' => self::ONE]]);
        $ended = $this->slow([['waitMs' => 50], ['cancel' => true]]);
        self::assertSame(1, $ended['status']['code']);
    }

    public function testADeadlinePasses(): void
    {
        $this->script('slow', [['receive' => 1], ['waitMs' => 400], ['send' => self::ONE]]);
        $ended = $this->slow([], ['timeoutMs' => 100]);
        self::assertSame(4, $ended['status']['code']);
        self::assertGreaterThan(90, $ended['elapsedMs']);
    }

    public function testAServerThatIsAwayIsWaitedFor(): void
    {
        $channel = ['address' => $this->address];
        $port = (int) explode(':', $this->address)[1];
        self::assertSame([], $this->peer->do('close', ['port' => $port]));
        $call = ['channel' => $channel, 'method' => '/Manage/PickOne', 'steps' => [['send' => self::STITCH]]];
        self::assertSame(14, $this->peer->call($call)['status']['code']);
        $waiting = $this->peer->start($call + ['waitForReady' => true, 'timeoutMs' => 15_000]);
        self::assertSame(['port' => $port], $this->peer->do('listen', ['host' => '127.0.0.1', 'port' => $port]));
        self::assertSame(0, $this->peer->told('ended', $waiting)['status']['code']);
    }

    public function testARowOfCallsIsMade(): void
    {
        $row = ['times' => 40, 'atOnce' => 8];
        $call = ['channel' => ['address' => $this->address], 'method' => '/Manage/PickOne'];
        $id = $this->peer->start($call + ['steps' => [['send' => self::STITCH]]] + $row);
        for ($n = 0; $n < 40; $n++) {
            self::assertSame(0, $this->peer->told('ended', "$id.$n")['status']['code']);
        }
    }

    public function testCallsDoNotWaitForOneAnother(): void
    {
        // The server of the first is one that never answers.
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($silent, false);
        $call = ['method' => '/Manage/PickOne', 'steps' => [['send' => self::STITCH]]];
        $slow = $this->peer->start($call + ['channel' => ['address' => $address], 'timeoutMs' => 3000]);
        self::assertSame(0, $this->peer->call($call + ['channel' => ['address' => $this->address]])['status']['code']);
        self::assertNotContains($slow, array_column(array_column($this->peer->lines, 'ended'), 'id'));
        self::assertSame(4, $this->peer->told('ended', $slow)['status']['code']);
    }

    public function testACallIsServedWhileAnotherOneWaits(): void
    {
        $this->script('slow', [['receive' => 1], ['waitMs' => 3000], ['send' => self::ONE]]);
        $slow = $this->peer->start($this->slowCall([]));
        self::assertSame(0, $this->plain(self::STITCH)['status']['code']);
        self::assertNotContains($slow, array_column(array_column($this->peer->lines, 'ended'), 'id'));
        self::assertSame(0, $this->peer->told('ended', $slow)['status']['code']);
    }

    public function testALongMessageCrosses(): void
    {
        $this->script('/tests.Kinds/Upload', [['receive' => -1], ['send' => self::ONE]]);
        $long = base64_encode(str_repeat('a', 3_000_000));
        $ended = $this->call('/tests.Kinds/Upload', [['send' => $long, 'times' => 3]]);
        self::assertSame([['bytes' => $long, 'times' => 3]], $this->peer->told('served', $ended['id'])['requests']);
    }

    public function testWhatIsUnknownIsRefused(): void
    {
        $this->peer->write('nonsense');
        self::assertNotSame('', $this->peer->told('answer')['refused']);
        self::assertSame('instruction ["id","dance"]', $this->peer->do('dance', new \stdClass())['refused']);
        $tls = ['host' => '127.0.0.1', 'tls' => ['cert' => 'x']];
        self::assertSame(['refused' => 'tls'], $this->peer->do('listen', $tls));
        $taken = ['host' => '127.0.0.1', 'port' => (int) explode(':', $this->address)[1]];
        self::assertSame("port {$taken['port']}: address already in use", $this->peer->do('listen', $taken)['refused']);
        self::assertSame('method "/no/Such"', $this->call('/no/Such', [])['unsupported']);
        $ended = $this->call('/Manage/PickOne', [['send' => '']], ['compression' => 'br']);
        self::assertSame('compression "br"', $ended['unsupported']);
        self::assertSame([], $this->peer->do('flush', new \stdClass()));
    }

    public function testOnSigtermACallInFlightIsFinished(): void
    {
        $server = new Program('peer');
        $this->address = $server->listen();
        $script = ['name' => 'slow', 'steps' => [['receive' => 1], ['waitMs' => 500], ['send' => self::ONE]]];
        self::assertSame([], $server->do('script', $script));
        $id = $this->peer->start($this->slowCall([]));
        self::assertSame([], $this->peer->do('flush', new \stdClass()));
        $this->peer->signal(SIGTERM);
        self::assertSame(0, $this->peer->told('ended', $id)['status']['code']);
        self::assertSame(0, $server->end()[0]);
    }

    /**
     * @param list<array<string, mixed>> $steps
     * @param array<string, mixed> $more
     * @return array<string, mixed>
     */
    private function call(string $method, array $steps, array $more = []): array
    {
        $channel = ['address' => $this->address];
        return $this->peer->call(['channel' => $channel, 'method' => $method, 'steps' => $steps] + $more);
    }

    /** @return array<string, mixed> */
    private function plain(string $request): array
    {
        return $this->call('/Manage/PickOne', [['send' => $request]]);
    }

    /**
     * @param list<array<string, mixed>> $steps
     * @param array<string, mixed> $more
     * @return array<string, mixed>
     */
    private function slow(array $steps, array $more = []): array
    {
        return $this->peer->call($this->slowCall($steps) + $more);
    }

    /**
     * @param list<array<string, mixed>> $steps
     * @return array<string, mixed>
     */
    private function slowCall(array $steps): array
    {
        return [
            'channel' => ['address' => $this->address],
            'method' => '/tests.Kinds/Unary',
            'metadata' => self::entries('stitch-script', 'slow'),
            'steps' => [['send' => self::ONE], ...$steps],
        ];
    }

    /** @param list<array<string, mixed>> $steps */
    private function script(string $name, array $steps): void
    {
        self::assertSame([], $this->peer->do('script', ['name' => $name, 'steps' => $steps]));
    }

    /** @return list<array<string, string>> */
    private static function entries(string $key, string $text = 'as told'): array
    {
        return [['key' => $key, 'text' => $text]];
    }

    /**
     * @param list<array{bytes: string, times: int}> $messages
     * @return list<string>
     */
    private static function bytes(array $messages): array
    {
        return array_merge(...array_map(fn (array $each) => array_fill(0, $each['times'], $each['bytes']), $messages));
    }
}
