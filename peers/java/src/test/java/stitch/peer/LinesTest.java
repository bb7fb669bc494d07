package stitch.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stitch.peer.Harness.send;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinesTest {
  private Harness harness;

  @BeforeEach
  void start() throws IOException {
    harness = new Harness();
  }

  @AfterEach
  void stop() throws IOException {
    harness.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          garbage | "" | InvalidProtocolBufferException
          [] | "" | InvalidProtocolBufferException
          {'flush':{}} | "" | no id
          {'id':'a'} | a | unknown instruction
          {'id':'b','dance':{}} | b | unknown instruction
          {'id':'c','listen':{'port':'x'}} | c | Not an int32
          {'id':'d','close':{'port':1}} | d | port 1: nothing listens here
          {'id':'e','types':{'files':'/w=='}} | e | InvalidProtocolBufferException
          {'id':'f','script':{'name':'s','steps':[{'dance':1}]}} | f | step 1
          {'id':'g','script':{'compression':'br'}} | g | compression "br"
          {'id':'h','listen':{'host':'127.0.0.1','tls':{'cert':'none','key':'none'}}} | h | certificate
          {'id':'i','flush':{'unknown':[1]},'unknown':{}} | i | ""
          """)
  void everyLineIsAnswered(String line, String id, String refused) throws IOException {
    harness.tell("%s", line);
    String got = harness.answer(id).getRefused();
    assertTrue(got.contains(refused) && got.isEmpty() == refused.isEmpty(), got);
  }

  @Test
  void refusesAPortThatIsTaken() throws IOException {
    int port = harness.listen("");
    harness.tell("{'id':'x','listen':{'host':'127.0.0.1','port':%d}}", port);
    assertTrue(harness.answer("x").getRefused().contains("Address already in use"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          None | {'send':''} | ~~ | method "/note.Notes/None"
          Unary | {'send':''} | ,'types':'/None/Unary' | method "/None/Unary"
          Unary | {'send':''} | ,'compression':'br' | compression "br"
          Unary | {'send':''},{'dance':1} | ~~ | step 2
          """)
  void saysWhatOfACallItDoesNotKnow(String method, String steps, String members, String what)
      throws IOException {
    harness.call(1, method, steps, members);
    assertEquals(what, harness.ended("call").getUnsupported());
  }

  @Test
  void hugeLinesAndLimits() throws IOException {
    int large = harness.listen(",'maxReceiveBytes':9000000");
    int small = harness.listen(",'maxReceiveBytes':1000");
    harness.script("/note.Notes/Unary", "{'receive':1}," + send("b".repeat(8 << 20)));
    String huge = send("a".repeat(8 << 20));
    harness.callOn(
        "'address':'127.0.0.1:" + large + "','maxReceiveBytes':9000000", "Unary", huge, "");
    assertEquals(0, harness.ended("call").getStatus().getCode());
    harness.call(large, "Unary", huge, "");
    assertEquals(8, harness.ended("call").getStatus().getCode());
    harness.call(small, "Unary", huge, "");
    assertEquals(8, harness.ended("call").getStatus().getCode());
  }

  @Test
  void endOfInputLetsCallsFinish() throws IOException, InterruptedException {
    try (Harness server = new Harness()) {
      int port = server.listen("");
      harness.call(port, "Unary", send(""), ""); // makes the connection
      harness.ended("call");
      server.script("/note.Notes/Unary", "{'waitMs':2000},{'send':''}");
      harness.call(port, "Unary", send(""), "");
      Thread.sleep(1000);
      server.stop();
      harness.stop();
      assertEquals(0, harness.ended("call").getStatus().getCode());
    }
  }
}
