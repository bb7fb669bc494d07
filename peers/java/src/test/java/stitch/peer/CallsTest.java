package stitch.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stitch.peer.Harness.send;
import static stitch.peer.Harness.texts;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stitch.peer.Contract.Ended;
import stitch.peer.Contract.Metadatum;
import stitch.peer.Contract.Served;

class CallsTest {
  private Harness harness;
  private int port;

  @BeforeEach
  void start() throws IOException {
    harness = new Harness();
    port = harness.listen("");
  }

  @AfterEach
  void stop() throws IOException {
    harness.close();
  }

  @Test
  void plainService() throws IOException {
    harness.tell(
        "{'id':'c','call':{'channel':{'address':'127.0.0.1:%d'},'method':'/Manage/PickOne',"
            + "'steps':[%s]}}",
        port, send("Stitch"));
    Ended ended = harness.ended("c");
    Served served = harness.served("c");
    assertEquals("Stitch", texts(ended.getResponsesList()));
    assertEquals(1, ended.getSent());
    assertEquals("Stitch", texts(served.getRequestsList()));
    assertEquals(ended.getResponsesList(), served.getResponsesList());
    assertEquals("", served.getScript());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Unary | R1 b E    | a        | a   | b
          Up    | R-1 b E   | a a b    | a a b | b
          Up    | R-1 b E   |          |     | b
          Down  | R1 a a b E| a R1     | a   | a a b
          Down  | R1 E      | a        | a   |
          Both  | R1 b R1 a E | a R1 b R1 | a b | b a
          Both  | H b R-1 E | R1 a C   | a   | b
          """)
  void everyKind(String method, String server, String client, String requests, String responses)
      throws IOException {
    harness.script("s", steps(server));
    harness.call(port, method, steps(client), ",'metadata':[{'key':'stitch-script','text':'s'}]");
    Ended ended = harness.ended("call");
    Served served = harness.served("call");
    assertEquals(0, ended.getStatus().getCode(), ended::toString);
    assertEquals(text(responses), texts(ended.getResponsesList()));
    assertTrue(ended.getTrailersList().stream().anyMatch(entry -> entry.getKey().equals("x")));
    assertEquals(text(requests), texts(served.getRequestsList()));
    assertEquals(text(responses), texts(served.getResponsesList()));
    assertEquals("s", served.getScript());
  }

  private static String text(String cell) {
    return cell == null ? "" : cell;
  }

  /** Steps by a word each: R1 receives, H sends headers, C half-closes, E ends, others send. */
  private static String steps(String words) {
    StringBuilder steps = new StringBuilder();
    for (String word : words == null ? new String[0] : words.split(" ")) {
      steps.append(steps.isEmpty() ? "" : ",");
      switch (word.charAt(0)) {
        case 'R' -> steps.append("{'receive':" + word.substring(1) + "}");
        case 'H' -> steps.append("{'headers':{}}");
        case 'C' -> steps.append("{'close':true}");
        case 'E' -> steps.append("{'end':{'trailers':[{'key':'x','text':'1'}]}}");
        default -> steps.append(send(word));
      }
    }
    return steps.toString();
  }

  @Test
  void statusAndMetadata() throws IOException {
    harness.script(
        "/note.Notes/Unary",
        "{'headers':{'entries':[{'key':'h-bin','binary':'AP8='}]}},"
            + "{'end':{'status':{'code':9,'message':'né','details':'GgMKAXg='},"
            + "'trailers':[{'key':'t','text':'2'},{'key':'t','text':'1'}]}}");
    harness.call(
        port,
        "Unary",
        send(""),
        ",'timeoutMs':60000,'metadata':[{'key':'x','text':'1'},{'key':'x','text':'2'}]");
    Ended ended = harness.ended("call");
    Served served = harness.served("call");
    assertEquals(9, ended.getStatus().getCode());
    assertEquals("né", ended.getStatus().getMessage());
    assertFalse(ended.getStatus().getDetails().isEmpty());
    assertEquals("[0, -1]", bytes(ended, "h-bin"));
    assertEquals(
        "21",
        ended.getTrailersList().stream()
            .filter(entry -> entry.getKey().equals("t"))
            .map(Metadatum::getText)
            .reduce("", String::concat));
    assertEquals(
        "12",
        served.getMetadataList().stream()
            .filter(entry -> entry.getKey().equals("x"))
            .map(Metadatum::getText)
            .reduce("", String::concat));
    assertTrue(served.getTimeRemainingMs() > 50_000 && served.getTimeRemainingMs() < 60_001);
  }

  private static String bytes(Ended ended, String key) {
    return ended.getHeadersList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(entry -> java.util.Arrays.toString(entry.getBinary().toByteArray()))
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest
  @CsvSource({"'',no script", "none,'no script \"none\"'", "other,other"})
  void scriptsByName(String name, String message) throws IOException {
    harness.script("other", "{'end':{'status':{'code':5,'message':'other'}}}");
    harness.call(
        port, "Down", send(""), ",'metadata':[{'key':'stitch-script','text':'" + name + "'}]");
    assertEquals(message, harness.ended("call").getStatus().getMessage());
    assertEquals(message, harness.served("call").getStatus().getMessage());
  }

  @Test
  void messagesThatCannotBeParsed() throws IOException {
    String notUtf8 = "{'send':'CgH/'}";
    harness.call(port, "Unary", notUtf8, "");
    Ended ended = harness.ended("call");
    assertFalse(ended.getUnusable().isEmpty());
    assertFalse(ended.hasStatus());
    harness.script("/note.Notes/Unary", notUtf8);
    harness.call(port, "Unary", send(""), "");
    assertEquals(13, harness.ended("call").getStatus().getCode());
    assertFalse(harness.served("call").getUnusable().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'receive':1},{'cancel':true} | | 1
          {'receive':1},{'waitMs':50},{'cancel':true} | | 1
          {'close':true} | ,'timeoutMs':300 | 4
          {'receive':1},{'waitMs':60000} | ,'timeoutMs':300 | 4
          """)
  void cancelAndDeadlineReachTheScript(String steps, String members, int code) throws IOException {
    harness.script("/note.Notes/Both", "{'receive':1},{'send':''},{'waitMs':60000}");
    harness.call(port, "Both", "{'send':''}," + steps, text(members));
    Ended ended = harness.ended("call");
    assertEquals(code, ended.getStatus().getCode());
    assertEquals(1, ended.getResponsesCount());
    Served served = harness.served("call");
    assertTrue(served.getCancelled());
    assertFalse(served.hasStatus());
  }

  @Test
  void waitEndsWithTheCall() throws IOException {
    harness.script("/note.Notes/Unary", "{'receive':1},{'send':''}");
    harness.call(port, "Unary", "{'send':''},{'waitMs':60000},{'cancel':true}", "");
    assertEquals(0, harness.ended("call").getStatus().getCode());
  }

  @Test
  void timesIsALoop() throws IOException {
    harness.script("/note.Notes/Unary", "{'waitMs':200},{'send':''}");
    long start = System.nanoTime();
    harness.call(port, "Unary", send(""), ",'times':10,'atOnce':5");
    for (int i = 0; i < 10; i++) {
      assertEquals(0, harness.ended("call." + i).getStatus().getCode());
    }
    double rounds = (System.nanoTime() - start) / 200e6;
    assertTrue(rounds >= 2 && rounds < 9, () -> rounds + " rounds of 200 ms, wanted two");
  }

  @Test
  void gzipBothWays() throws IOException {
    String note = send("a".repeat(100_000));
    harness.tell(
        "{'id':'script','script':{'name':'s','compression':'gzip','steps':[{'receive':1},%s]}}",
        note);
    harness.call(
        port,
        "Unary",
        note,
        ",'compression':'gzip','metadata':[{'key':'stitch-script','text':'s'}]");
    Ended ended = harness.ended("call");
    assertEquals(100_000, texts(ended.getResponsesList()).length());
    assertTrue(
        ended.getHeadersList().stream()
            .anyMatch(e -> e.getKey().equals("grpc-encoding") && e.getText().equals("gzip")),
        ended::toString);
    assertTrue(
        harness.served("call").getMetadataList().stream()
            .anyMatch(e -> e.getKey().equals("grpc-encoding") && e.getText().equals("gzip")));
  }
}
