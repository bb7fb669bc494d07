package stitch.person

import io.grpc.StatusRuntimeException
import io.grpc.health.v1.HealthCheckRequest
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import io.grpc.health.v1.HealthGrpc
import java.util.concurrent.TimeUnit.SECONDS

private const val TIMEOUT_SECONDS = 2L

/** Whether the whole server at [address] says SERVING; otherwise what it said is told on standard error. */
fun isServing(address: String): Boolean {
    val health = HealthGrpc.newBlockingStub(plaintext(address)).withDeadlineAfter(TIMEOUT_SECONDS, SECONDS)
    val problem =
        try {
            val status = health.check(HealthCheckRequest.getDefaultInstance()).status
            if (status == ServingStatus.SERVING) null else "wanted SERVING, got $status"
        } catch (failed: StatusRuntimeException) {
            sentence(failed.status)
        }
    problem?.let(System.err::println)
    return problem == null
}
