package stitch

import com.google.protobuf.Any
import com.google.rpc.Code
import com.google.rpc.Status
import stitch.contract.Metadatum
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class CallsTest {
    private val harness = Harness()
    private val port = harness.listen()

    @Test
    fun `the plain service answers`() {
        for ((name, code) in mapOf("Stitch" to Code.OK, "Nobody" to Code.NOT_FOUND)) {
            harness.tell(
                """{"id":"call","call":{"channel":{"address":"127.0.0.1:$port"},""" +
                    """"method":"/Manage/PickOne","steps":[${send(name)}]}}""",
            )
            val served = harness.served("call")
            val ended = harness.ended("call")
            assertEquals(code.number, ended.status?.code)
            assertEquals(code.number, served.status?.code)
            assertEquals(name, served.requests.texts())
            assertEquals(served.responses.size, ended.responses.size)
            assertEquals(1, ended.sent)
        }
    }

    @Test
    fun `scripts are played in methods of every kind`() {
        val one = """{"receive":1}"""
        val all = """{"receive":-1}"""
        plays("Unary", listOf(one, send("b")), listOf(send("a")), "a", "b")
        plays("Up", listOf(all, send("b")), listOf(send("a", 3), send("b")), "a*3 b", "b")
        plays("Down", listOf(one, send("a", 3), send("b")), listOf(send("a"), one), "a", "a*3 b")
        plays("Both", listOf(one, send("b"), one, send("a")), listOf(send("a"), one, send("b"), one), "a b", "b a")
        // The server speaks first.
        plays(
            "Both",
            listOf("""{"headers":{}}""", send("b"), all),
            listOf(one, send("a"), """{"close":true}"""),
            "a",
            "b",
        )
    }

    private fun plays(method: String, server: List<String>, client: List<String>, requests: String, responses: String) {
        harness.script(
            "/note.Notes/$method",
            *server.toTypedArray(),
            """{"end":{"trailers":[{"key":"x","text":"1"}]}}""",
        )
        val ended = harness.call(port, method, *client.toTypedArray())
        val served = harness.served("call")
        assertEquals(0, ended.status?.code, method)
        assertEquals(responses, ended.responses.texts(), method)
        assertContains(ended.trailers, Metadatum("x", "1"), method)
        assertEquals(requests, served.requests.texts(), method)
        assertEquals(responses, served.responses.texts(), method)
    }

    @Test
    fun `status, details and metadata arrive`() {
        val details = Status.newBuilder().addDetails(Any.newBuilder().setTypeUrl("x")).build()
        harness.script(
            "/note.Notes/Unary",
            """{"headers":{"entries":[{"key":"h-bin","binary":"AP8="}]}}""",
            """{"end":{"status":{"code":9,"message":"né","details":"${base64(details.toByteString())}"},""" +
                """"trailers":[{"key":"t","text":"2"},{"key":"t","text":"1"}]}}""",
        )
        val metadata = """"metadata":[{"key":"x","text":"1"},{"key":"x","text":"2"}]"""
        val ended = harness.call(port, "Unary", send(""), members = ""","timeoutMs":60000,$metadata""")
        val served = harness.served("call")
        assertEquals(9 to "né", ended.status?.let { it.code to it.message })
        assertEquals("x", Status.parseFrom(ended.status?.details).getDetails(0).typeUrl)
        assertEquals(listOf<Byte>(0, -1), ended.headers.single { it.key == "h-bin" }.binary?.toList())
        assertEquals(listOf("2", "1"), ended.trailers.filter { it.key == "t" }.map { it.text })
        assertEquals(listOf("1", "2"), served.metadata.filter { it.key == "x" }.map { it.text })
        assertTrue(assertNotNull(served.timeRemainingMs) in 50_000.0..60_000.0)
    }

    @Test
    fun `the call's script goes before the method's`() {
        harness.script("other", """{"end":{"status":{"code":5,"message":"other"}}}""")
        for ((name, message) in mapOf("" to "no script", "none" to "no script \"none\"", "other" to "other")) {
            val metadata = ""","metadata":[{"key":"stitch-script","text":"$name"}]"""
            assertEquals(message, harness.call(port, "Down", send(""), members = metadata).status?.message)
        }
    }

    @Test
    fun `cancellation and deadline reach the script`() {
        harness.script("/note.Notes/Both", """{"receive":1}""", send(""), """{"waitMs":60000}""")
        val cancelled = harness.call(port, "Both", send(""), """{"receive":1}""", """{"cancel":true}""")
        assertEquals(Code.CANCELLED_VALUE, cancelled.status?.code)
        assertEquals(1, cancelled.responses.size)
        assertTrue(harness.served("call").cancelled)
        val late = harness.call(port, "Both", send(""), """{"waitMs":60000}""", members = ""","timeoutMs":300""")
        assertEquals(Code.DEADLINE_EXCEEDED_VALUE, late.status?.code)
        assertNull(harness.served("call").status)
    }

    @Test
    fun `a call that is not connected yet can be cancelled`() {
        val ended = harness.call(
            1,
            "Unary",
            send(""),
            """{"waitMs":50}""",
            """{"cancel":true}""",
            members = ""","waitForReady":true""",
        )
        assertEquals(Code.CANCELLED_VALUE, ended.status?.code)
    }

    @Test
    fun `a wait and a send end with the call`() {
        harness.script("/note.Notes/Unary", send(""))
        harness.script("/note.Notes/Up", """{"end":{"status":{"code":9}}}""")
        val waited = harness.call(port, "Unary", send(""), """{"waitMs":60000}""", """{"cancel":true}""")
        assertEquals(0, waited.status?.code)
        assertEquals(1, waited.responses.size)
        val sent = harness.call(port, "Up", """{"waitMs":100}""", send("a".repeat(100_000), 1000))
        assertEquals(9, sent.status?.code)
    }

    @Test
    fun `messages that cannot be parsed are unusable`() {
        val notUtf8 = """{"send":"CgH/"}"""
        assertNotNull(harness.call(port, "Unary", notUtf8).unusable)
        harness.script("/note.Notes/Unary", """{"receive":1}""", notUtf8)
        assertEquals(Code.INTERNAL_VALUE, harness.call(port, "Unary", send("")).status?.code)
        assertNotNull(harness.served("call").unusable)
    }

    @Test
    fun `times is a loop`() {
        harness.script("/note.Notes/Unary", """{"waitMs":100}""", send(""))
        val took =
            measureTime {
                harness.begin(port, "Unary", send(""), members = ""","times":10,"atOnce":5""")
                repeat(10) { assertEquals(0, harness.ended("call.$it").status?.code) }
            }
        assertTrue(took in 0.2.seconds..5.seconds, "$took")
    }
}
