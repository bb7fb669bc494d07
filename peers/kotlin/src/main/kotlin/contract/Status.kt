package stitch.contract

import com.google.protobuf.InvalidProtocolBufferException
import io.grpc.Metadata
import io.grpc.StatusException
import io.grpc.protobuf.StatusProto
import kotlinx.serialization.Serializable
import com.google.rpc.Status as RichStatus
import io.grpc.Status as GrpcStatus

/** How a call ended. [details] is a `google.rpc.Status`, serialized. */
@Serializable
class Status(val code: Int = 0, val message: String = "", val details: Bytes? = null) {
    /** The status as the library takes it from a handler, which throws it. */
    @Throws(InvalidProtocolBufferException::class)
    fun toException(trailers: Metadata): StatusException {
        if (details == null) {
            return GrpcStatus.fromCodeValue(code).withDescription(message).asException(trailers)
        }
        val rich = RichStatus.newBuilder().mergeFrom(details)
        return StatusProto.toStatusException(rich.setCode(code).setMessage(message).build(), trailers)
    }

    companion object {
        val cancelled = Status(GrpcStatus.Code.CANCELLED.value())

        /** The status that [error] is to the library, and UNKNOWN for what has none. */
        fun of(error: Throwable): Status {
            val status = GrpcStatus.fromThrowable(error)
            val message = status.description ?: status.cause?.toString()
            return Status(status.code.value(), message.orEmpty(), detailsOf(error))
        }

        /** The details that the library finds in the trailers; it refuses those of another code. */
        private fun detailsOf(error: Throwable) =
            runCatching { StatusProto.fromThrowable(error) }
                .getOrNull()
                ?.takeIf { it.detailsCount > 0 }
                ?.toByteString()
    }
}
