package stitch

import com.google.rpc.Code
import io.grpc.testing.TlsTesting
import io.grpc.util.AdvancedTlsX509TrustManager
import io.grpc.util.AdvancedTlsX509TrustManager.Verification.INSECURELY_SKIP_ALL_VERIFICATION
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLException
import javax.net.ssl.SSLSocket
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull

class TlsTest {
    private val harness = Harness()
    private val server = """"cert":"${pem("server1.pem")}","key":"${pem("server1.key")}""""
    private val ca = """"ca":"${pem("ca.pem")}""""
    private val name = """"serverName":"foo.test.google.fr""""
    private val own = """"cert":"${pem("client.pem")}","key":"${pem("client.key")}""""

    @Test
    fun `a client is who its certificate says, and trusts nobody else`() {
        harness.script("/note.Notes/Unary", """{"receive":1}""", send(""))
        val port = harness.listen(""","tls":{$server,"clientCa":"${pem("ca.pem")}"}""")
        assertEquals(0, status(port, ca, name, own))
        assertEquals("testclient", harness.served("call").clientName)
        assertEquals(Code.UNAVAILABLE_VALUE, status(port, ca, name)) // without a certificate
        assertEquals(Code.UNAVAILABLE_VALUE, status(port, ca, own)) // with another name
        assertEquals(Code.UNAVAILABLE_VALUE, status(port, """"ca":"${pem("badserver.pem")}"""", name, own))
    }

    private fun status(port: Int, vararg tls: String) =
        harness.call(port, "Unary", send(""), channel = ""","tls":{${tls.joinToString(",")}}""").status?.code

    @Test
    fun `a server speaks the one version that it is told`() {
        for ((version, other) in listOf("1.2" to "1.3", "1.3" to "1.2")) {
            val port = harness.listen(""","tls":{$server,"version":"$version"}""")
            assertEquals("TLSv$version", handshake(port, version, other))
            assertFailsWith<SSLException> { handshake(port, other) }
        }
        harness.tell("""{"id":"x","listen":{"host":"127.0.0.1","tls":{$server,"version":"1.1"}}}""")
        assertContains(assertNotNull(harness.answer("x").refused), "1.1")
    }

    /** The version that comes of a handshake in which the client offers these. */
    private fun handshake(port: Int, vararg versions: String): String {
        val everyone =
            AdvancedTlsX509TrustManager.newBuilder().setVerification(INSECURELY_SKIP_ALL_VERIFICATION).build()
        val tls = SSLContext.getInstance("TLS").apply { init(null, arrayOf(everyone), null) }
        (tls.socketFactory.createSocket("127.0.0.1", port) as SSLSocket).use { socket ->
            socket.enabledProtocols = versions.map { "TLSv$it" }.toTypedArray()
            socket.startHandshake()
            return socket.session.protocol
        }
    }

    private fun pem(name: String): String {
        val text = TlsTesting.loadCert(name).use { it.readBytes().decodeToString() }
        return text.replace("\n", "\\n")
    }
}
