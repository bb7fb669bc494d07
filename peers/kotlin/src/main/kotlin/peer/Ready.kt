package stitch.peer

import io.grpc.kotlin.ClientCalls
import stitch.contract.Ready

/** What this peer is made of. grpc-kotlin's version is in the name of its jar alone. */
fun ready() =
    Ready(
        language = "Kotlin",
        languageVersion = KotlinVersion.CURRENT.toString(),
        library = "grpc-kotlin",
        libraryVersion = versionOf(ClientCalls::class.java),
        messages = "dynamic",
    )

private fun versionOf(type: Class<*>): String =
    type.protectionDomain.codeSource.location.path
        .substringAfterLast('/')
        .removeSuffix(".jar")
        .substringAfter("-stub-")
