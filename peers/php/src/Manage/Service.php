<?php

declare(strict_types=1);

namespace Stitch\Manage;

use Expirement;
use Grpc\ServerContext;
use Grpc\Status;
use ManageStub;
use NameRequest;

use const Grpc\STATUS_NOT_FOUND;

/** The plain service. */
final class Service extends ManageStub
{
    /** Returns the row of that name, or ends the call with NOT_FOUND. */
    public function PickOne(NameRequest $request, ServerContext $context): ?Expirement
    {
        $row = Table::find($request->getName());
        if ($row === null) {
            $context->setStatus(Status::status(STATUS_NOT_FOUND, 'expirement not found'));
        }
        return $row;
    }
}
