package stitch.contract

import kotlinx.serialization.Serializable

/** One line out of a peer. One member is not null. */
@Serializable
class LineOut(
    val ready: Ready? = null,
    val answer: Answer? = null,
    val served: Served? = null,
    val ended: Ended? = null,
)

@Serializable
class Ready(
    val language: String,
    val languageVersion: String,
    val library: String,
    val libraryVersion: String,
    val messages: String,
)

@Serializable
class Answer(val id: String, val refused: String? = null, val port: Int? = null)

/** What a server saw of a call, and how it answered. */
@Serializable
class Served(
    val callId: String,
    val method: String,
    val script: String? = null,
    val metadata: List<Metadatum> = emptyList(),
    val requests: List<Messages> = emptyList(),
    val responses: List<Messages> = emptyList(),
    val timeRemainingMs: Double? = null,
    val cancelled: Boolean = false,
    val status: Status? = null,
    val unusable: String? = null,
    val clientName: String? = null,
)

/** What a client saw of a call. */
@Serializable
class Ended(
    val id: String,
    val unsupported: String? = null,
    val unusable: String? = null,
    val status: Status? = null,
    val responses: List<Messages> = emptyList(),
    val headers: List<Metadatum> = emptyList(),
    val trailers: List<Metadatum> = emptyList(),
    val sent: Int = 0,
    val elapsedMs: Double = 0.0,
)
