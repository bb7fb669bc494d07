package stitch.server

import com.google.protobuf.Message
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.produceIn
import stitch.contract.Script
import stitch.contract.Served
import stitch.contract.Status
import stitch.contract.clientName
import stitch.messages.Method

/** Answers calls of every kind, and reports each before the library has its status. */
class Driver(private val scripts: Map<String, Script>, private val report: (Served) -> Unit) {
    /** What a handler does: requests in, responses out. */
    fun handle(method: Method, requests: Flow<Message>): Flow<Message> =
        flow {
            val exchange = Exchange.current
            val record = Record("/${method.fullMethodName}", exchange.metadata, exchange.attributes.clientName())
            try {
                coroutineScope {
                    val arriving = requests.buffer(Channel.RENDEZVOUS).produceIn(this)
                    ServerCall(method, exchange, arriving, this@flow, record).answer(scripts)
                    arriving.cancel()
                }
                currentCoroutineContext().ensureActive()
            } catch (cancelled: CancellationException) {
                report(record.toServed(status = null))
                throw cancelled
            } catch (failure: Exception) {
                report(record.toServed(Status.of(failure)))
                throw failure
            }
            report(record.toServed(Status()))
        }
}
