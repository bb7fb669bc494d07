package stitch.contract

import com.google.protobuf.ByteString
import io.grpc.Metadata
import kotlinx.serialization.Serializable

/** One metadata entry: [text], or [binary] for a `-bin` key. */
@Serializable
data class Metadatum(val key: String, val text: String? = null, val binary: Bytes? = null)

fun textKey(name: String): Metadata.Key<String> = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)

private fun binaryKey(name: String) = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)

/**
 * What the library has. The values of a key are in order; the keys have none, and are sorted. Of an answer that is none
 * of gRPC it has `:status` as well, which it takes for no key.
 */
fun Metadata.entries(): List<Metadatum> =
    keys().filterNot { it.startsWith(':') }.sorted().flatMap { name ->
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            getAll(binaryKey(name))?.map { Metadatum(name, binary = ByteString.copyFrom(it)) }.orEmpty()
        } else {
            getAll(textKey(name))?.map { Metadatum(name, text = it) }.orEmpty()
        }
    }

fun List<Metadatum>.toMetadata(): Metadata {
    val metadata = Metadata()
    for (entry in this) {
        if (entry.binary != null) {
            metadata.put(binaryKey(entry.key), entry.binary.toByteArray())
        } else {
            metadata.put(textKey(entry.key), entry.text.orEmpty())
        }
    }
    return metadata
}
