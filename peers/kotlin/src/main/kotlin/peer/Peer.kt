package stitch.peer

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import stitch.client.Client
import stitch.contract.Answer
import stitch.contract.LineIn
import stitch.contract.LineOut
import stitch.messages.MethodTypes
import stitch.server.Listeners
import kotlin.time.Duration.Companion.seconds

/** The program as the harness sees it: lines in, lines out, and both roles in one. */
class Peer(private val output: Output) {
    private val work = SupervisorJob()
    private val scope = CoroutineScope(work + Dispatchers.Default)
    private val server = Listeners { output.write(LineOut(served = it)) }
    private val client = Client { output.write(LineOut(ended = it)) }
    private var types = MethodTypes()

    init {
        output.write(LineOut(ready = ready()))
    }

    /** Begins what the line tells, and does not wait for what may be slow. One thread takes the lines. */
    fun take(text: String) {
        val line =
            try {
                json.decodeFromString<LineIn>(text)
            } catch (garbled: IllegalArgumentException) {
                return refuse(idOf(text), garbled)
            }
        val id = line.id
        val types = types
        when {
            id.isEmpty() -> refuse(id, IllegalArgumentException("no id"))
            line.types != null -> answer(id) { this.types = MethodTypes.parse(line.types.files) }
            line.script != null -> answer(id) { server.keep(line.script) }
            line.listen != null -> answerPort(id) { server.listen(line.listen, types) }
            line.close != null -> scope.launch { answer(id) { server.close(line.close.port) } }
            line.drain != null -> scope.launch { answer(id) { server.drain(line.drain.port) } }
            line.flush != null -> scope.launch { answer(id) { server.flush() } }
            line.call != null -> scope.launch { client.make(id, line.call, types) }
            else -> refuse(id, IllegalArgumentException("unknown instruction"))
        }
    }

    private inline fun answer(id: String, done: () -> Unit) = answerPort(id) {
        done()
        null
    }

    /** Says that the instruction of that [id] is done, or refused when [done] fails. */
    private inline fun answerPort(id: String, done: () -> Int?) = try {
        output.write(LineOut(answer = Answer(id, port = done())))
    } catch (failure: Exception) {
        refuse(id, failure)
    }

    private fun refuse(id: String, failure: Exception) {
        val words = generateSequence<Throwable>(failure) { it.cause }.map { it.message ?: it.toString() }
        output.write(LineOut(answer = Answer(id, refused = words.distinct().joinToString(": "))))
    }

    /** Takes no new calls, and waits for those in flight, but not for long. */
    suspend fun stop() {
        withTimeoutOrNull(grace) {
            server.stop()
            work.children.toList().joinAll()
        }
    }
}

private val grace = 5.seconds

private val json = Json { ignoreUnknownKeys = true }

@Serializable
private class Named(val id: String = "")

private fun idOf(text: String): String =
    try {
        json.decodeFromString<Named>(text).id
    } catch (_: IllegalArgumentException) {
        ""
    }
