<?php

declare(strict_types=1);

namespace Stitch\Person;

use Expirement;
use Grpc\ChannelCredentials;
use ManageClient;
use NameRequest;
use Stitch\Process;

use const Grpc\STATUS_OK;

/** The client that a person runs. */
final class Client
{
    private const TIMEOUT_MICROSECONDS = 10_000_000;

    /**
     * Looks each name up at each address and prints what came; returns 0 when every call was OK, else 1.
     *
     * @param list<string> $addresses
     * @param list<string> $names
     */
    public static function run(array $addresses, array $names): int
    {
        $options = array_merge(...array_map(fn (string $address) => ['--address', $address], $addresses));
        Process::needsGrpc('client', ...$options, ...$names);
        $exitCode = 0;
        foreach ($addresses as $address) {
            $isOneOfMany = count($addresses) > 1;
            if ($isOneOfMany) {
                echo "$address\n";
            }
            $exitCode |= self::lookUp($address, $names, $isOneOfMany ? "$address: " : '');
        }
        return $exitCode;
    }

    /**
     * What comes before a status is told as well.
     *
     * @param list<string> $names
     */
    private static function lookUp(string $address, array $names, string $before): int
    {
        $stub = new ManageClient($address, self::options());
        $exitCode = 0;
        foreach ($names as $name) {
            $call = $stub->PickOne(new NameRequest(['name' => $name]), [], ['timeout' => self::TIMEOUT_MICROSECONDS]);
            [$row, $status] = $call->wait();
            if ($status->code === STATUS_OK) {
                echo self::text($row);
            } else {
                fwrite(STDERR, $before . self::sentence($status) . "\n");
                $exitCode = 1;
            }
        }
        return $exitCode;
    }

    /** @return array<string, mixed> */
    public static function options(): array
    {
        // gRPC would send even calls to 127.0.0.1 to the proxy that `http_proxy` names.
        return ['credentials' => ChannelCredentials::createInsecure(), 'grpc.enable_http_proxy' => 0];
    }

    /** Says how a call ended: "NOT_FOUND: expirement not found". */
    public static function sentence(\stdClass $status): string
    {
        return Code::name($status->code) . ": $status->details";
    }

    /** The row as a person reads it; a blank follows the name and the id. */
    private static function text(Expirement $row): string
    {
        return "Expirement:\n---Name:{$row->getName()} \n---ID:{$row->getId()} \n---Skill:{$row->getSkill()}\n";
    }
}
