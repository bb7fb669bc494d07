package stitch

import com.google.protobuf.ByteString
import com.google.protobuf.DescriptorProtos.DescriptorProto
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type
import com.google.protobuf.DescriptorProtos.FileDescriptorProto
import com.google.protobuf.DescriptorProtos.FileDescriptorSet
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto
import com.google.protobuf.StringValue
import kotlinx.serialization.json.Json
import stitch.contract.Answer
import stitch.contract.Ended
import stitch.contract.LineOut
import stitch.contract.Messages
import stitch.contract.Served
import stitch.peer.Output
import stitch.peer.Peer
import java.io.OutputStream
import java.util.Base64
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/** Drives a peer that knows the types of `note.Notes`, as the harness does. */
class Harness {
    private val heard = LinkedBlockingQueue<LineOut>()
    private val unread = mutableListOf<LineOut>()
    val peer = Peer(Output(Lines()))

    init {
        assertNotNull(next("ready") { it.ready })
        tell("""{"id":"types","types":{"files":"${base64(noteTypes.toByteString())}"}}""")
        mustDo("types")
    }

    private inner class Lines : OutputStream() {
        override fun write(byte: Int) = error("a line comes in one piece")

        override fun write(line: ByteArray) {
            heard += Json.decodeFromString<LineOut>(line.decodeToString())
        }
    }

    fun tell(line: String) = peer.take(line)

    /** What [wanted] makes of the next line that has it. The others are kept. */
    private fun <T : Any> next(what: String, wanted: (LineOut) -> T?): T {
        while (true) {
            unread.firstOrNull { wanted(it) != null }?.let {
                unread -= it
                return wanted(it)!!
            }
            unread += heard.poll(60, SECONDS) ?: error("no $what")
        }
    }

    fun answer(id: String): Answer = next("answer to $id") { line -> line.answer?.takeIf { it.id == id } }

    fun mustDo(id: String): Answer = answer(id).also { assertNull(it.refused) }

    fun ended(id: String): Ended = next("end of $id") { line -> line.ended?.takeIf { it.id == id } }

    fun served(callId: String): Served = next("record of $callId") { line ->
        line.served?.takeIf { it.callId == callId }
    }

    /** True when nothing was heard that was not asked for. */
    val isQuiet get() = heard.isEmpty() && unread.isEmpty()

    /** Opens a listener with these members besides its host, and returns its port. */
    fun listen(members: String = ""): Int {
        tell("""{"id":"listen","listen":{"host":"127.0.0.1"$members}}""")
        return assertNotNull(mustDo("listen").port)
    }

    /** Returns when a call of the channel that [call] uses has gone through. What comes next is quick. */
    fun connect(port: Int) {
        call(port, "Unary", send(""))
        served("call")
    }

    fun script(name: String, vararg steps: String) {
        tell("""{"id":"script","script":{"name":"$name","steps":[${steps.joinToString(",")}]}}""")
        mustDo("script")
    }

    /** Begins the call "call" of a method of `note.Notes`, with these members besides. */
    fun begin(port: Int, method: String, vararg steps: String, members: String = "", channel: String = "") =
        tell(
            """{"id":"call","call":{"channel":{"address":"127.0.0.1:$port"$channel},""" +
                """"method":"/note.Notes/$method","steps":[${steps.joinToString(",")}]$members}}""",
        )

    /** [begin], and how it ended. */
    fun call(port: Int, method: String, vararg steps: String, members: String = "", channel: String = ""): Ended {
        begin(port, method, *steps, members = members, channel = channel)
        return ended("call")
    }
}

/** The step that sends a note. */
fun send(text: String, times: Int = 1) = """{"send":"${base64(note(text))}","times":$times}"""

/** A `note.Note` looks like a `StringValue`. */
private fun note(text: String): ByteString = StringValue.of(text).toByteString()

fun base64(bytes: ByteString): String = Base64.getEncoder().encodeToString(bytes.toByteArray())

/** The texts of notes, those that are there several times with their number: `a a*3 b`. */
fun List<Messages>.texts() =
    joinToString(" ") { StringValue.parseFrom(it.bytes).value + if (it.times > 1) "*${it.times}" else "" }

/** A service with a method of each kind. */
private val noteTypes: FileDescriptorSet =
    FileDescriptorSet
        .newBuilder()
        .addFile(
            FileDescriptorProto
                .newBuilder()
                .setName("note.proto")
                .setPackage("note")
                .setSyntax("proto3")
                .addMessageType(
                    DescriptorProto.newBuilder().setName("Note").addField(
                        FieldDescriptorProto.newBuilder().setName("text").setNumber(1).setType(Type.TYPE_STRING),
                    ),
                ).addService(
                    ServiceDescriptorProto
                        .newBuilder()
                        .setName("Notes")
                        .addMethod(method("Unary", takesMany = false, givesMany = false))
                        .addMethod(method("Up", takesMany = true, givesMany = false))
                        .addMethod(method("Down", takesMany = false, givesMany = true))
                        .addMethod(method("Both", takesMany = true, givesMany = true)),
                ),
        ).build()

private fun method(name: String, takesMany: Boolean, givesMany: Boolean) =
    MethodDescriptorProto
        .newBuilder()
        .setName(name)
        .setInputType(".note.Note")
        .setOutputType(".note.Note")
        .setClientStreaming(takesMany)
        .setServerStreaming(givesMany)
