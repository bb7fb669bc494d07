package stitch.client

import com.google.protobuf.Message
import io.grpc.CallOptions
import io.grpc.ClientInterceptors
import io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING
import io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING
import io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
import io.grpc.MethodDescriptor.MethodType.UNARY
import io.grpc.kotlin.ClientCalls.bidiStreamingRpc
import io.grpc.kotlin.ClientCalls.clientStreamingRpc
import io.grpc.kotlin.ClientCalls.serverStreamingRpc
import io.grpc.kotlin.ClientCalls.unaryRpc
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import stitch.contract.Call
import stitch.contract.ClientStep
import stitch.contract.Ended
import stitch.contract.MessageLog
import stitch.contract.Metadatum
import stitch.contract.Status
import stitch.contract.entries
import stitch.contract.toMetadata
import stitch.messages.Method
import java.util.concurrent.TimeUnit.NANOSECONDS
import kotlin.time.Duration
import kotlin.time.DurationUnit
import kotlin.time.TimeSource
import io.grpc.Channel as GrpcChannel

/**
 * A call of any kind. One coroutine does its steps. Another has the library make the call, with
 * channels between them, so that a wait ends with the call.
 */
class ClientCall(
    private val id: String,
    private val told: Call,
    private val method: Method,
    channel: GrpcChannel,
) {
    private val observer = Observer()
    private val channel = ClientInterceptors.intercept(channel, observer)
    private val requests = Channel<Message>()
    private val responses = Channel<Message>(1) // the only one of a call waits for nobody
    private val received = MessageLog()
    private var handed = 0
    private var elapsed = Duration.ZERO

    /** [sends] has the request of each step, or null where the step sends none. */
    suspend fun make(sends: List<Message?>): Ended =
        coroutineScope {
            val exchange = async { exchange() }
            told.steps.zip(sends) { step, request -> play(step, request, exchange) }
            if (!exchange.isCancelled) {
                halfClose()
                receive(-1)
            }
            exchange.join()
            ended(if (exchange.isCancelled) Status.cancelled else exchange.await())
        }

    private suspend fun play(step: ClientStep, request: Message?, exchange: Deferred<Status>) {
        when {
            request != null -> untilOver { repeat(step.times.coerceAtLeast(1)) { send(request) } }
            step.close -> halfClose()
            step.receive != null -> receive(step.receive)
            step.waitMs != null -> untilOver { delay(step.waitMs) }
            step.cancel -> if (observer.over.isActive) exchange.cancel()
        }
    }

    /** Does [block], or as much of it as there is time for before the call ends. */
    private suspend fun untilOver(block: suspend () -> Unit) =
        coroutineScope {
            if (observer.over.isCompleted) return@coroutineScope
            val work = launch { block() }
            select {
                work.onJoin {}
                observer.over.onJoin {}
            }
            work.cancel()
        }

    /** Returns when the library has taken the request. */
    private suspend fun send(request: Message) {
        requests.send(request)
        handed++
        observer.sent.first { it == handed }
    }

    private fun halfClose() {
        if (observer.over.isActive) requests.close()
    }

    /** Takes so many responses, fewer when the call ends; -1: all. */
    private suspend fun receive(count: Int) {
        var left = count
        while (left-- != 0) received.add(responses.receiveCatching().getOrNull() ?: return)
    }

    /** Has the call made, and returns its status. The library tells none when this is cancelled. */
    private suspend fun exchange(): Status {
        val start = TimeSource.Monotonic.markNow()
        return try {
            transfer()
            Status()
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (failure: Exception) {
            Status.of(failure)
        } finally {
            elapsed = start.elapsedNow()
            observer.over.complete()
            responses.close()
        }
    }

    private suspend fun transfer() {
        val metadata = (told.metadata + Metadatum("stitch-call-id", id)).toMetadata()
        val sent = requests.receiveAsFlow()
        when (method.type) {
            UNARY -> responses.send(unaryRpc(channel, method, sent.first(), options(), metadata))
            CLIENT_STREAMING -> responses.send(clientStreamingRpc(channel, method, sent, options(), metadata))
            SERVER_STREAMING -> serverStreamingRpc(channel, method, sent.first(), options(), metadata)
                .collect(responses::send)
            BIDI_STREAMING -> bidiStreamingRpc(channel, method, sent, options(), metadata).collect(responses::send)
            else -> error("${method.fullMethodName} is of no known kind")
        }
    }

    private fun options(): CallOptions {
        var options = CallOptions.DEFAULT
        if (told.timeoutMs >
            0
        ) {
            options = options.withDeadlineAfter((told.timeoutMs * NANOS_IN_MS).toLong(), NANOSECONDS)
        }
        if (told.waitForReady) options = options.withWaitForReady()
        if (told.compression.isNotEmpty()) options = options.withCompression(told.compression)
        return options
    }

    private fun ended(status: Status) =
        Ended(
            id = id,
            status = status,
            responses = received.entries,
            headers = observer.headers.entries(),
            trailers = observer.trailers.entries(),
            sent = observer.sent.value,
            elapsedMs = elapsed.toDouble(DurationUnit.MILLISECONDS),
        )

    private companion object {
        const val NANOS_IN_MS = 1e6
    }
}
