package stitch.peer

import kotlinx.serialization.json.Json
import stitch.contract.LineOut
import java.io.OutputStream

/** Standard output, for any number of coroutines: each line whole, and flushed. */
class Output(private val stream: OutputStream) {
    fun write(line: LineOut) {
        val bytes = (Json.encodeToString(line) + "\n").encodeToByteArray()
        synchronized(stream) {
            stream.write(bytes)
            stream.flush()
        }
    }
}
