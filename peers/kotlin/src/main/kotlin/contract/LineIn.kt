package stitch.contract

import kotlinx.serialization.Serializable

/** One line into a peer. One member besides [id] is not null. `proto/peer.proto` says what each member means. */
@Serializable
class LineIn(
    val id: String = "",
    val types: Types? = null,
    val script: Script? = null,
    val listen: Listen? = null,
    val close: Port? = null,
    val drain: Port? = null,
    val flush: Flush? = null,
    val call: Call? = null,
)

/** [files] is a `google.protobuf.FileDescriptorSet`, serialized. */
@Serializable
class Types(val files: Bytes)

@Serializable
class Port(val port: Int)

@Serializable
class Flush

@Serializable
class Listen(
    val host: String,
    val port: Int = 0,
    val tls: ServerTls? = null,
    val keepalive: Keepalive? = null,
    val minPingMs: Long = 0,
    val maxReceiveBytes: Int = 0,
    val maxAgeMs: Long = 0,
)

@Serializable
data class Keepalive(val timeMs: Long = 0, val timeoutMs: Long = 0, val withoutCalls: Boolean = false)

@Serializable
class Script(val name: String = "", val compression: String = "", val steps: List<ServerStep> = emptyList())

/** One member is not null; [times] is of [send]. */
@Serializable
class ServerStep(
    val headers: Headers? = null,
    val receive: Int? = null,
    val send: Bytes? = null,
    val waitMs: Long? = null,
    val end: End? = null,
    val times: Int = 1,
) {
    val isKnown get() = listOf(headers, receive, send, waitMs, end).any { it != null }
}

@Serializable
class Headers(val entries: List<Metadatum> = emptyList())

@Serializable
class End(val status: Status = Status(), val trailers: List<Metadatum> = emptyList())

/** Where and how a client connects. Its content is its identity. */
@Serializable
data class Channel(
    val address: String,
    val name: String = "",
    val tls: ClientTls? = null,
    val keepalive: Keepalive? = null,
    val maxReceiveBytes: Int = 0,
)

@Serializable
class Call(
    val channel: Channel,
    val method: String,
    val types: String = "",
    val metadata: List<Metadatum> = emptyList(),
    val timeoutMs: Double = 0.0,
    val waitForReady: Boolean = false,
    val compression: String = "",
    val steps: List<ClientStep> = emptyList(),
    val times: Int = 1,
    val atOnce: Int = 1,
)

/** One member is set; [times] is of [send]. */
@Serializable
class ClientStep(
    val send: Bytes? = null,
    val close: Boolean = false,
    val receive: Int? = null,
    val waitMs: Long? = null,
    val cancel: Boolean = false,
    val times: Int = 1,
) {
    val isKnown get() = send != null || close || receive != null || waitMs != null || cancel
}
