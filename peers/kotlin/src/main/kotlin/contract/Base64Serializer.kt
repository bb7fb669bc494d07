package stitch.contract

import com.google.protobuf.ByteString
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import java.util.Base64

/** Bytes, which are base64 with padding in a line. */
typealias Bytes =
    @Serializable(Base64Serializer::class)
    ByteString

object Base64Serializer : KSerializer<ByteString> {
    override val descriptor = PrimitiveSerialDescriptor("base64", PrimitiveKind.STRING)

    override fun serialize(
        encoder: Encoder,
        value: ByteString,
    ) = encoder.encodeString(Base64.getEncoder().encodeToString(value.toByteArray()))

    override fun deserialize(decoder: Decoder): ByteString =
        ByteString.copyFrom(Base64.getDecoder().decode(decoder.decodeString()))
}
