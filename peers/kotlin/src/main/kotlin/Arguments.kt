package stitch

/** What stands behind a command: options, each with its value, and names. */
class Arguments private constructor(private val options: Map<String, List<String>>, val names: List<String>) {
    /** What was said of it last. */
    fun option(name: String, default: String): String = options(name, default).last()

    /** All that was said of it. */
    fun options(name: String, default: String): List<String> = options[name] ?: listOf(default)

    companion object {
        /** Names are allowed where [takesNames]. */
        fun parse(words: List<String>, vararg known: String, takesNames: Boolean = false): Arguments {
            val options = mutableMapOf<String, MutableList<String>>()
            val names = mutableListOf<String>()
            val left = words.iterator()
            for (word in left) {
                if (word in known) {
                    require(left.hasNext()) { "$word wants a value" }
                    options.getOrPut(word) { mutableListOf() } += left.next()
                } else {
                    require(takesNames && !word.startsWith("--")) { "unknown argument \"$word\"" }
                    names += word
                }
            }
            return Arguments(options, names)
        }
    }
}
