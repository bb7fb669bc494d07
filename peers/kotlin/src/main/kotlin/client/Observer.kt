package stitch.client

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update

/** Sees of one call what grpc-kotlin does not tell, and changes nothing. */
class Observer : ClientInterceptor {
    /** Requests that the library took. */
    val sent = MutableStateFlow(0)

    /** Completes when the call has ended, whether its responses are taken or not. */
    val over = Job()

    @Volatile
    var headers = Metadata()
        private set

    @Volatile
    var trailers = Metadata()
        private set

    override fun <Q, R> interceptCall(
        method: MethodDescriptor<Q, R>,
        options: CallOptions,
        next: Channel,
    ): ClientCall<Q, R> =
        object : SimpleForwardingClientCall<Q, R>(next.newCall(method, options)) {
            override fun start(
                responses: Listener<R>,
                headers: Metadata,
            ) = super.start(Observed(responses), headers)

            override fun sendMessage(message: Q) {
                super.sendMessage(message)
                sent.update { it + 1 }
            }
        }

    private inner class Observed<R>(
        responses: ClientCall.Listener<R>,
    ) : SimpleForwardingClientCallListener<R>(responses) {
        override fun onHeaders(headers: Metadata) {
            this@Observer.headers = headers
            super.onHeaders(headers)
        }

        override fun onClose(status: Status, trailers: Metadata) {
            this@Observer.trailers = trailers
            over.complete()
            super.onClose(status, trailers)
        }
    }
}
