package stitch.server

import io.grpc.Server
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.runInterruptible
import stitch.contract.Listen
import stitch.contract.credentials
import stitch.messages.MethodTypes
import java.net.InetSocketAddress
import java.util.concurrent.TimeUnit.MILLISECONDS

/** A port with a server of its own. */
class Listener(told: Listen, types: MethodTypes, driver: Driver) {
    private val calls = SupervisorJob()

    private val server: Server =
        builder(told)
            .intercept(Exchange.Interceptor)
            .addServices(driver.services(types, calls))
            .build()
            .start()

    val port: Int = server.port

    /** Ends the connections and calls at once. Returns when the port is free and every call is reported. */
    suspend fun close() {
        server.shutdownNow()
        end()
    }

    /** [close], once the calls in flight have ended. No new ones begin. */
    suspend fun drain() {
        server.shutdown()
        end()
    }

    private suspend fun end() {
        runInterruptible(Dispatchers.IO) { server.awaitTermination() }
        calls.cancelAndJoin()
    }

    /** Returns when every call that has ended by now is reported. */
    suspend fun flush() =
        calls.children
            .filter(Job::isCancelled)
            .toList()
            .joinAll()
}

/** [told] as the library has it. What is not told is zero, and the library's default. */
private fun builder(told: Listen): NettyServerBuilder {
    val builder = NettyServerBuilder.forAddress(InetSocketAddress(told.host, told.port), told.tls.credentials())
    told.keepalive?.let {
        if (it.timeMs > 0) builder.keepAliveTime(it.timeMs, MILLISECONDS)
        if (it.timeoutMs > 0) builder.keepAliveTimeout(it.timeoutMs, MILLISECONDS)
    }
    // It is told what is too often, with calls or without.
    if (told.minPingMs > 0) builder.permitKeepAliveTime(told.minPingMs, MILLISECONDS).permitKeepAliveWithoutCalls(true)
    if (told.maxReceiveBytes > 0) builder.maxInboundMessageSize(told.maxReceiveBytes)
    if (told.maxAgeMs > 0) builder.maxConnectionAge(told.maxAgeMs, MILLISECONDS)
    return builder
}
