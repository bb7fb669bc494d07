<?php

declare(strict_types=1);

namespace Stitch\Person;

use Grpc\Health\V1\HealthCheckRequest;
use Grpc\Health\V1\HealthCheckResponse;
use Grpc\Health\V1\HealthCheckResponse\ServingStatus;
use Grpc\Health\V1\HealthStub;
use Grpc\ServerContext;
use Grpc\Status;

use const Grpc\STATUS_NOT_FOUND;

/** Health, for which gRPC has no library in PHP. It cannot be watched: that would keep the server from its other calls. */
final class HealthService extends HealthStub
{
    public function Check(HealthCheckRequest $request, ServerContext $context): ?HealthCheckResponse
    {
        if (in_array($request->getService(), ['', 'Manage'], true)) {
            return new HealthCheckResponse(['status' => ServingStatus::SERVING]);
        }
        $context->setStatus(Status::status(STATUS_NOT_FOUND, 'unknown service'));
        return null;
    }
}
