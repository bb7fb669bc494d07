<?php

declare(strict_types=1);

namespace Stitch\Person;

use Grpc\Health\V1\HealthCheckRequest;
use Grpc\Health\V1\HealthCheckResponse\ServingStatus;
use Grpc\Health\V1\HealthClient;
use Stitch\Process;

use const Grpc\STATUS_OK;

/** The health check that a person, or a container engine, runs. */
final class Health
{
    private const TIMEOUT_MICROSECONDS = 2_000_000;

    /** Returns 0 when the whole server is SERVING, else says why not and returns 1. */
    public static function run(string $address): int
    {
        Process::needsGrpc('health', '--address', $address);
        $stub = new HealthClient($address, Client::options());
        $call = $stub->Check(new HealthCheckRequest(), [], ['timeout' => self::TIMEOUT_MICROSECONDS]);
        [$answer, $status] = $call->wait();
        $isOk = $status->code === STATUS_OK;
        if ($isOk && $answer->getStatus() === ServingStatus::SERVING) {
            return 0;
        }
        $why = $isOk ? ServingStatus::name($answer->getStatus()) : Client::sentence($status);
        fwrite(STDERR, "$address is not healthy: $why\n");
        return 1;
    }
}
