package stitch.messages

import com.google.protobuf.ByteString
import com.google.protobuf.InvalidProtocolBufferException
import com.google.protobuf.Message
import io.grpc.MethodDescriptor
import io.grpc.MethodDescriptor.PrototypeMarshaller

/** The message of this kind that [bytes] are. */
@Throws(InvalidProtocolBufferException::class)
fun MethodDescriptor.Marshaller<Message>.parse(bytes: ByteString): Message {
    val prototype = (this as PrototypeMarshaller<Message>).messagePrototype!!
    return prototype.parserForType.parseFrom(bytes)
}
