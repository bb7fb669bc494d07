package stitch

/**
 * Has [stop] done before the program ends, be it by itself or by SIGTERM or SIGINT. From here on
 * its exit code is 0.
 */
fun beforeExit(stop: () -> Unit) {
    val hook =
        Thread {
            stop()
            Runtime.getRuntime().halt(0) // a signal's would be 143
        }
    Runtime.getRuntime().addShutdownHook(hook)
}
