package stitch.server

import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import stitch.contract.Listen
import stitch.contract.Script
import stitch.contract.Served
import stitch.contract.isCompression
import stitch.messages.MethodTypes
import java.util.concurrent.ConcurrentHashMap

/** The server: listeners by their port, and scripts by name that answer their calls. */
class Listeners(report: (Served) -> Unit) {
    private val listeners = ConcurrentHashMap<Int, Listener>()
    private val scripts = ConcurrentHashMap<String, Script>()
    private val driver = Driver(scripts, report)

    /** Opens a listener, and returns its port. */
    fun listen(told: Listen, types: MethodTypes): Int {
        val listener = Listener(told, types, driver)
        listeners[listener.port] = listener
        return listener.port
    }

    suspend fun close(port: Int) = remove(port).close()

    suspend fun drain(port: Int) = remove(port).drain()

    private fun remove(port: Int) = requireNotNull(listeners.remove(port)) { "port $port: nothing listens here" }

    suspend fun flush() = listeners.values.forEach { it.flush() }

    /** Drains all listeners. */
    suspend fun stop() = coroutineScope { listeners.values.forEach { launch { it.drain() } } }

    /** Keeps a script, or forgets that of its name when it has no steps. */
    fun keep(script: Script) {
        val unknown = script.steps.indexOfFirst { !it.isKnown }
        require(unknown < 0) { "step ${unknown + 1} is unknown" }
        require(isCompression(script.compression)) { "compression \"${script.compression}\" is unknown" }
        if (script.steps.isEmpty()) scripts.remove(script.name) else scripts[script.name] = script
    }
}
