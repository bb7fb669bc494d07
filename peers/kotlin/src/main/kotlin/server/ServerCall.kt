package stitch.server

import ExpirementOuterClass.NameRequest
import com.google.protobuf.ByteString
import com.google.protobuf.InvalidProtocolBufferException
import com.google.protobuf.Message
import io.grpc.StatusException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.FlowCollector
import stitch.contract.End
import stitch.contract.Script
import stitch.contract.textKey
import stitch.contract.toMetadata
import stitch.manage.Manage
import stitch.messages.Method
import stitch.messages.parse
import io.grpc.Status as GrpcStatus

/** A call of any kind, as its handler has it. */
class ServerCall(
    private val method: Method,
    private val exchange: Exchange,
    private val requests: ReceiveChannel<Message>,
    private val responses: FlowCollector<Message>,
    private val record: Record,
) {
    /** Plays the script that the call names, or that of its method, or calls the plain service. */
    suspend fun answer(scripts: Map<String, Script>) {
        val named = exchange.metadata[scriptKey].orEmpty()
        val name = named.ifEmpty { "/${method.fullMethodName}" }
        val script = scripts[name]
        when {
            script != null -> {
                record.script = name
                play(script)
            }
            named.isNotEmpty() -> throw GrpcStatus.UNIMPLEMENTED.withDescription("no script \"$name\"").asException()
            name == "/Manage/PickOne" -> pickOne()
            else -> throw GrpcStatus.UNIMPLEMENTED.withDescription("no script").asException()
        }
    }

    private suspend fun pickOne() {
        val request = receive() as NameRequest
        send(manage.pickOne(request))
    }

    private suspend fun play(script: Script) {
        if (script.compression.isNotEmpty()) exchange.setCompression(script.compression)
        for (step in script.steps) {
            when {
                step.headers != null -> exchange.sendHeaders(step.headers.entries.toMetadata())
                step.receive != null -> receive(step.receive)
                step.send != null -> send(step.send, step.times)
                step.waitMs != null -> delay(step.waitMs)
                step.end != null -> end(step.end)
            }
        }
    }

    /** The next request; null when there is no more. */
    private suspend fun receive(): Message? = requests.receiveCatching().getOrNull()?.also(record.requests::add)

    /** So many requests, fewer when there are no more; -1: all. */
    private suspend fun receive(count: Int) {
        var left = count
        while (left-- != 0) receive() ?: return
    }

    private suspend fun send(response: Message) {
        responses.emit(response)
        record.responses.add(response)
    }

    private suspend fun send(bytes: ByteString, times: Int) {
        val response = usable { method.responseMarshaller.parse(bytes) }
        repeat(times.coerceAtLeast(1)) { send(response) }
    }

    private fun end(end: End) {
        val trailers = end.trailers.toMetadata()
        if (end.status.code != 0) throw usable { end.status.toException(trailers) }
        exchange.trailers.merge(trailers)
    }

    /** What the script brought, or a status that ends the call when the runtime refuses it. */
    private inline fun <T> usable(parsed: () -> T): T =
        try {
            parsed()
        } catch (refused: InvalidProtocolBufferException) {
            record.unusable = refused.message
            throw StatusException(GrpcStatus.INTERNAL.withDescription(refused.message))
        }

    private companion object {
        val scriptKey = textKey("stitch-script")
        val manage = Manage()
    }
}
