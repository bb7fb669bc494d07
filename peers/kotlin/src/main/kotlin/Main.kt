package stitch

import kotlinx.coroutines.runBlocking
import stitch.peer.Output
import stitch.peer.Peer
import stitch.person.isServing
import stitch.person.lookUp
import stitch.person.serve
import java.io.IOException
import kotlin.system.exitProcess

private const val USAGE = """usage:
  stitch-kotlin server [--host HOST] [--port PORT]
  stitch-kotlin client [--address HOST:PORT]… [NAME…]
  stitch-kotlin health [--address HOST:PORT]
  stitch-kotlin peer"""

private const val ADDRESS = "127.0.0.1:6000"

fun main(vararg words: String) {
    val wentWell =
        try {
            run(words.firstOrNull(), words.drop(1))
        } catch (misunderstood: IllegalArgumentException) {
            System.err.println("${misunderstood.message}\n$USAGE")
            false
        } catch (failed: IOException) {
            System.err.println(listOfNotNull(failed.message, failed.cause?.message).joinToString(": "))
            false
        }
    exitProcess(if (wentWell) 0 else 1)
}

/** Does the command, and returns whether all went well. */
private fun run(command: String?, words: List<String>): Boolean {
    when (command) {
        "server" -> {
            val told = Arguments.parse(words, "--host", "--port")
            serve(told.option("--host", "127.0.0.1"), told.option("--port", "6000").toInt())
        }
        "client" -> {
            val told = Arguments.parse(words, "--address", takesNames = true)
            return runBlocking { lookUp(told.options("--address", ADDRESS), told.names.ifEmpty { listOf("Stitch") }) }
        }
        "health" -> {
            val told = Arguments.parse(words, "--address")
            return isServing(told.option("--address", ADDRESS))
        }
        "peer" -> {
            Arguments.parse(words)
            speak()
        }
        else -> throw IllegalArgumentException(command?.let { "unknown command \"$it\"" } ?: "no command")
    }
    return true
}

/** Does what the lines of standard input tell, until it ends. */
private fun speak() {
    val peer = Peer(Output(System.out))
    System.setOut(System.err) // nothing but lines may go there
    beforeExit { runBlocking { peer.stop() } }
    System.`in`.bufferedReader().forEachLine(peer::take)
}
