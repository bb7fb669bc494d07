package stitch

import com.google.rpc.Code
import kotlinx.coroutines.runBlocking
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class LinesTest {
    private val harness = Harness()

    @Test
    fun `what cannot be done is refused`() {
        val port = harness.listen()
        refuses("garbage", "", "")
        refuses("[]", "", "")
        refuses("""{"flush":{}}""", "", "no id")
        refuses("""{"id":"a"}""", "a", "unknown instruction")
        refuses("""{"id":"b","dance":{}}""", "b", "unknown instruction")
        refuses("""{"id":"c","listen":{"host":"127.0.0.1","port":"x"}}""", "c", "port")
        refuses("""{"id":"d","close":{"port":1}}""", "d", "nothing listens")
        refuses("""{"id":"e","types":{"files":"/w=="}}""", "e", "protocol message")
        refuses("""{"id":"f","script":{"name":"s","steps":[{"dance":1}]}}""", "f", "step 1 is unknown")
        refuses("""{"id":"g","script":{"compression":"br"}}""", "g", "compression \"br\"")
        refuses("""{"id":"h","listen":{"host":"127.0.0.1","port":$port}}""", "h", "Address already in use")
        refuses("""{"id":"i","listen":{"host":"127.0.0.1","tls":{"cert":"none","key":"none"}}}""", "i", "")
        harness.tell("""{"id":"j","flush":{"unknown":[1]},"unknown":{}}""")
        harness.mustDo("j")
    }

    private fun refuses(line: String, id: String, why: String) {
        harness.tell(line)
        assertContains(assertNotNull(harness.answer(id).refused, line), why)
    }

    @Test
    fun `calls with something unknown are not made`() {
        val unsupported =
            mapOf(
                "method \"/note.Notes/None\"" to harness.call(1, "None"),
                "method \"/None/Unary\"" to harness.call(1, "Unary", members = ""","types":"/None/Unary""""),
                "compression \"br\"" to harness.call(1, "Unary", members = ""","compression":"br""""),
                "step 2" to harness.call(1, "Unary", send(""), """{"dance":{}}"""),
            )
        for ((part, ended) in unsupported) {
            assertEquals(part, ended.unsupported)
            assertNull(ended.status)
        }
    }

    @Test
    fun `lines and messages may be large`() {
        val port = harness.listen(""","maxReceiveBytes":9000000""")
        harness.script("/note.Notes/Unary", """{"receive":1}""", send("b".repeat(8_000_000)))
        val large = send("a".repeat(8_000_000))
        assertEquals(Code.RESOURCE_EXHAUSTED_VALUE, harness.call(port, "Unary", large).status?.code)
        val ended = harness.call(port, "Unary", large, channel = ""","maxReceiveBytes":9000000""")
        assertEquals(0, ended.status?.code)
    }

    @Test
    fun `a drain holds up nothing, and lets calls finish`() {
        val port = harness.listen()
        harness.connect(port)
        harness.script("/note.Notes/Both", send(""), """{"receive":-1}""")
        harness.begin(port, "Both", """{"receive":1}""", """{"waitMs":2000}""", send(""))
        Thread.sleep(1000)
        harness.tell("""{"id":"drain","drain":{"port":$port}}""")
        harness.tell("""{"id":"flush","flush":{}}""")
        harness.mustDo("flush")
        assertTrue(harness.isQuiet)
        assertEquals(0, harness.ended("call").status?.code)
        harness.mustDo("drain")
        harness.listen(""","port":$port""")
    }

    @Test
    fun `close ends calls and connections`() {
        val port = harness.listen()
        harness.connect(port)
        harness.script("/note.Notes/Both", send(""), """{"receive":-1}""")
        harness.begin(port, "Both", """{"receive":1}""", """{"waitMs":60000}""")
        Thread.sleep(1000)
        harness.tell("""{"id":"close","close":{"port":$port}}""")
        harness.mustDo("close")
        assertTrue(harness.served("call").cancelled)
        // grpc-java resets the stream before it ends the connection; the client sees either.
        assertContains(listOf(Code.UNAVAILABLE_VALUE, Code.CANCELLED_VALUE), harness.ended("call").status?.code)
        harness.listen(""","port":$port""")
    }

    @Test
    fun `a stop waits for calls, but not for long`() {
        val port = harness.listen()
        harness.connect(port)
        harness.script("/note.Notes/Unary", """{"waitMs":2000}""", send(""))
        harness.begin(port, "Unary", send(""))
        Thread.sleep(1000)
        runBlocking { harness.peer.stop() }
        assertEquals(0, harness.ended("call").status?.code)

        val other = Harness()
        val otherPort = other.listen()
        other.connect(otherPort)
        other.script("/note.Notes/Unary", """{"waitMs":60000}""")
        other.begin(otherPort, "Unary", send(""))
        Thread.sleep(1000)
        assertTrue(measureTime { runBlocking { other.peer.stop() } } in 4.seconds..8.seconds)
    }
}
