package stitch.server

import com.google.protobuf.Message
import io.grpc.Context
import io.grpc.Contexts
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.Status

/**
 * What grpc-kotlin keeps from a handler: the request's metadata, and the headers and trailers of
 * the response. grpc-kotlin sends headers with the first response; here they may go before.
 */
class Exchange private constructor(
    call: ServerCall<Message, Message>,
    val metadata: Metadata,
) : SimpleForwardingServerCall<Message, Message>(call) {
    /** Sent when the call ends, whatever its status. */
    val trailers = Metadata()
    private var headersSent = false

    override fun sendHeaders(headers: Metadata) {
        if (headersSent) return
        headersSent = true
        super.sendHeaders(headers)
    }

    override fun close(status: Status, trailers: Metadata) {
        trailers.merge(this.trailers)
        super.close(status, trailers)
    }

    /** Gives each call its exchange. */
    object Interceptor : ServerInterceptor {
        @Suppress("UNCHECKED_CAST") // every method that is served takes and gives messages
        override fun <Q, R> interceptCall(
            call: ServerCall<Q, R>,
            headers: Metadata,
            next: ServerCallHandler<Q, R>,
        ): ServerCall.Listener<Q> {
            val exchange = Exchange(call as ServerCall<Message, Message>, headers)
            val context = Context.current().withValue(key, exchange)
            return Contexts.interceptCall(context, exchange as ServerCall<Q, R>, headers, next)
        }
    }

    companion object {
        private val key = Context.key<Exchange>("stitch-exchange")

        /** That of the call whose handler asks. */
        val current: Exchange get() = key.get()
    }
}
