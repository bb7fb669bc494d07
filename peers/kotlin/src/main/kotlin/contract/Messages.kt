package stitch.contract

import com.google.protobuf.ByteString
import com.google.protobuf.Message
import kotlinx.serialization.Serializable

/** A message, serialized, once or several times in a row. */
@Serializable
class Messages(val bytes: Bytes, val times: Int = 1)

/** The messages that came or went, in order. */
class MessageLog {
    private val log = mutableListOf<Messages>()

    /** Equal neighbours are one entry. */
    val entries: List<Messages> get() = log

    fun add(message: Message) {
        val bytes: ByteString = message.toByteString()
        val last = log.lastOrNull()
        if (last?.bytes == bytes) {
            log[log.lastIndex] = Messages(bytes, last.times + 1)
        } else {
            log += Messages(bytes)
        }
    }
}
