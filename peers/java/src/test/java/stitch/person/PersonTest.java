package stitch.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PersonTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private PersonServer server;
  private PersonClient client;

  @BeforeEach
  void start() throws IOException {
    server = new PersonServer("127.0.0.1", 0);
    client =
        new PersonClient(
            "127.0.0.1:" + server.port(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "");
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
  }

  @Test
  void printsRowsAndStatuses() {
    assertFalse(client.lookUp(List.of("Stitch", "Nobody", "Cyber")));
    assertEquals(
        """
        Expirement:
        ---Name:Stitch\s
        ---ID:7\s
        ---Skill:making annoyed noise
        Expirement:
        ---Name:Cyber\s
        ---ID:0\s
        ---Skill:breaking
        """,
        out.toString(StandardCharsets.UTF_8));
    assertEquals("NOT_FOUND: expirement not found", err.toString(StandardCharsets.UTF_8).strip());
  }

  @Test
  void checksHealth() {
    assertTrue(client.lookUp(List.of("Stitch"))); // the first call of a program takes its time
    assertTrue(client.isHealthy());
    server.stop();
    assertFalse(client.isHealthy());
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("UNAVAILABLE: "));
  }
}
