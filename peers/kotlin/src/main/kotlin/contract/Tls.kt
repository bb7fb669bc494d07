package stitch.contract

import io.grpc.Attributes
import io.grpc.ChannelCredentials
import io.grpc.Grpc
import io.grpc.InsecureChannelCredentials
import io.grpc.InsecureServerCredentials
import io.grpc.ServerCredentials
import io.grpc.TlsChannelCredentials
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth
import kotlinx.serialization.Serializable
import javax.naming.ldap.LdapName
import javax.net.ssl.SSLPeerUnverifiedException

/** PEM texts of a client; an empty one is not there. */
@Serializable
data class ClientTls(
    val ca: String = "",
    val cert: String = "",
    val key: String = "",
    val serverName: String = "",
)

/** PEM texts of a server. With [clientCa], every client must have a certificate; [version] is the only one. */
@Serializable
class ServerTls(
    val cert: String = "",
    val key: String = "",
    val clientCa: String = "",
    val version: String = "",
)

fun ClientTls?.credentials(): ChannelCredentials {
    if (this == null) return InsecureChannelCredentials.create()
    val tls = TlsChannelCredentials.newBuilder()
    if (ca.isNotEmpty()) tls.trustManager(ca.byteInputStream())
    if (cert.isNotEmpty()) tls.keyManager(cert.byteInputStream(), key.byteInputStream())
    return tls.build()
}

fun ServerTls?.credentials(): ServerCredentials {
    if (this == null) return InsecureServerCredentials.create()
    val tls = GrpcSslContexts.forServer(cert.byteInputStream(), key.byteInputStream())
    if (clientCa.isNotEmpty()) tls.trustManager(clientCa.byteInputStream()).clientAuth(ClientAuth.REQUIRE)
    require(version in listOf("", "1.2", "1.3")) { "TLS version \"$version\" is unknown" }
    if (version.isNotEmpty()) tls.protocols("TLSv$version")
    return NettySslContextServerCredentials.create(tls.build())
}

/** The common name of the certificate that the client of a call with these attributes showed. */
fun Attributes.clientName(): String? {
    val session = get(Grpc.TRANSPORT_ATTR_SSL_SESSION) ?: return null
    return try {
        val subject = LdapName(session.peerPrincipal.name)
        subject.rdns.firstOrNull { it.type == "CN" }?.value?.toString()
    } catch (_: SSLPeerUnverifiedException) {
        null // it showed none
    }
}
