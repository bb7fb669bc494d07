package stitch.person

import io.grpc.Grpc
import io.grpc.InsecureChannelCredentials
import io.grpc.ManagedChannel
import io.grpc.Status

/** A channel that is not encrypted. It connects when first used. */
internal fun plaintext(address: String): ManagedChannel =
    Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build()

/** `NOT_FOUND: expirement not found` */
internal fun sentence(status: Status): String = "${status.code}: ${status.description.orEmpty()}"
