package stitch.client

import com.google.protobuf.InvalidProtocolBufferException
import io.grpc.Grpc
import io.grpc.ManagedChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import stitch.contract.Call
import stitch.contract.Channel
import stitch.contract.Ended
import stitch.contract.Status
import stitch.contract.credentials
import stitch.contract.isCompression
import stitch.messages.MethodTypes
import stitch.messages.parse
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit.MILLISECONDS

/** The client: channels by their content, made when first named. */
class Client(private val report: (Ended) -> Unit) {
    private val channels = ConcurrentHashMap<Channel, ManagedChannel>()

    /** Makes the calls that [told] asks for, and returns when all have ended. */
    suspend fun make(id: String, told: Call, types: MethodTypes) = coroutineScope {
        val inFlight = Semaphore(told.atOnce.coerceAtLeast(1))
        repeat(told.times.coerceAtLeast(1)) {
            inFlight.acquire()
            launch {
                report(makeOne(if (told.times > 1) "$id.$it" else id, told, types))
                inFlight.release()
            }
        }
    }

    private suspend fun makeOne(id: String, told: Call, types: MethodTypes): Ended {
        val typed = told.types.ifEmpty { told.method }
        val unknownStep = told.steps.indexOfFirst { !it.isKnown }
        val method = types[typed] ?: return Ended(id, unsupported = "method \"$typed\"")
        if (!isCompression(told.compression)) return Ended(id, unsupported = "compression \"${told.compression}\"")
        if (unknownStep >= 0) return Ended(id, unsupported = "step ${unknownStep + 1}")
        val requests =
            try {
                told.steps.map { it.send?.let(method.requestMarshaller::parse) }
            } catch (refused: InvalidProtocolBufferException) {
                return Ended(id, unusable = refused.message)
            }
        val channel =
            try {
                channels.computeIfAbsent(told.channel, ::connect)
            } catch (unusable: RuntimeException) { // an address or a certificate
                return Ended(id, status = Status.of(unusable))
            }
        val called = method.toBuilder().setFullMethodName(told.method.removePrefix("/")).build()
        return ClientCall(id, told, called, channel).make(requests)
    }
}

/** The channel that [told] describes. It connects when first used, repeats no call, and has the library's defaults otherwise. */
private fun connect(told: Channel): ManagedChannel {
    val builder = Grpc.newChannelBuilder(told.address, told.tls.credentials()).disableRetry()
    if (!told.tls?.serverName.isNullOrEmpty()) builder.overrideAuthority(told.tls.serverName)
    told.keepalive?.let {
        if (it.timeMs > 0) builder.keepAliveTime(it.timeMs, MILLISECONDS)
        if (it.timeoutMs > 0) builder.keepAliveTimeout(it.timeoutMs, MILLISECONDS)
        builder.keepAliveWithoutCalls(it.withoutCalls)
    }
    if (told.maxReceiveBytes > 0) builder.maxInboundMessageSize(told.maxReceiveBytes)
    return builder.build()
}
