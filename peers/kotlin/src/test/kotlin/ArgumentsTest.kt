package stitch

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

class ArgumentsTest {
    @Test
    fun `options and names are told apart`() {
        val told = Arguments.parse(listOf("Cyber", "--address", "a:1", "Gigi"), "--address", takesNames = true)
        assertEquals("a:1", told.option("--address", "b:2"))
        assertEquals("b:2", told.option("--host", "b:2"))
        assertEquals(listOf("Cyber", "Gigi"), told.names)
    }

    @Test
    fun `what is not understood is refused`() {
        for (words in listOf(listOf("--address"), listOf("--other", "x"), listOf("word"))) {
            assertFailsWith<IllegalArgumentException> { Arguments.parse(words, "--address") }
        }
    }
}
