<?php

declare(strict_types=1);

namespace Stitch\Client;

use Grpc\Channel;
use Grpc\ChannelCredentials;
use Stitch\Notation;

/** One channel for each content that a call's `channel` has. */
final class Channels
{
    /** @var array<string, Channel> */
    private array $byContent = [];

    /** @param array<string, mixed> $content */
    public function of(array $content): Channel
    {
        return $this->byContent[serialize($content)] ??= self::open($content);
    }

    /** @param array<string, mixed> $content */
    private static function open(array $content): Channel
    {
        $arguments = Notation::arguments($content) + [
            // Channels to one address share their connections otherwise, and are kept for others.
            'grpc.use_local_subchannel_pool' => 1,
            'force_new' => true,
            'credentials' => self::credentials($content['tls'] ?? null),
        ];
        if ($name = $content['tls']['serverName'] ?? '') {
            $arguments['grpc.ssl_target_name_override'] = $name;
        }
        return new Channel($content['address'], $arguments);
    }

    /** @param ?array<string, string> $tls */
    private static function credentials(?array $tls): ?ChannelCredentials
    {
        if ($tls === null) {
            return ChannelCredentials::createInsecure();
        }
        [$ca, $key, $cert] = array_map(fn (string $pem) => ($tls[$pem] ?? '') ?: null, ['ca', 'key', 'cert']);
        return ChannelCredentials::createSsl($ca, $key, $cert);
    }
}
