package stitch.server

import io.grpc.Context
import io.grpc.Metadata
import stitch.contract.MessageLog
import stitch.contract.Served
import stitch.contract.Status
import stitch.contract.entries
import stitch.contract.textKey
import java.util.concurrent.TimeUnit

/** What is noted of a call while its handler runs. */
class Record(
    private val method: String,
    private val metadata: Metadata,
    private val clientName: String?,
) {
    val requests = MessageLog()
    val responses = MessageLog()
    var script: String? = null
    var unusable: String? = null

    private val timeRemainingMs =
        Context.current().deadline?.let { it.timeRemaining(TimeUnit.NANOSECONDS) / NANOS_IN_MS }

    /** [status] is null when the call ended under its handler. */
    fun toServed(status: Status?) =
        Served(
            callId = metadata[callId].orEmpty(),
            method = method,
            script = script,
            metadata = metadata.entries(),
            requests = requests.entries,
            responses = responses.entries,
            timeRemainingMs = timeRemainingMs,
            cancelled = status == null,
            status = status,
            unusable = unusable,
            clientName = clientName,
        )

    private companion object {
        const val NANOS_IN_MS = 1e6
        val callId = textKey("stitch-call-id")
    }
}
