package stitch.contract

import io.grpc.CompressorRegistry

/** True when the library has the compression of that name; an empty one is none. */
fun isCompression(name: String): Boolean =
    name.isEmpty() || CompressorRegistry.getDefaultInstance().lookupCompressor(name) != null
