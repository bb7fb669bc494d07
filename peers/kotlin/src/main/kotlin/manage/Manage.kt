package stitch.manage

import ExpirementOuterClass.Expirement
import ExpirementOuterClass.NameRequest
import ManageGrpcKt.ManageCoroutineImplBase
import io.grpc.Status
import io.grpc.StatusException

/** The plain service. It knows nothing of the harness. */
class Manage : ManageCoroutineImplBase() {
    override suspend fun pickOne(request: NameRequest): Expirement =
        table.find { it.name == request.name }
            ?: throw StatusException(Status.NOT_FOUND.withDescription("expirement not found"))
}
