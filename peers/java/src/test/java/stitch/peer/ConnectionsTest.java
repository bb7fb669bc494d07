package stitch.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stitch.peer.Harness.send;

import io.grpc.testing.TlsTesting;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stitch.peer.Contract.Ended;

class ConnectionsTest {
  private Harness harness;

  @BeforeEach
  void start() throws IOException {
    harness = new Harness();
    harness.script("/note.Notes/Unary", "{'receive':1},{'send':''}");
    harness.script("/note.Notes/Both", "{'send':''},{'receive':-1}");
  }

  @AfterEach
  void stop() throws IOException {
    harness.close();
  }

  @Test
  void drainHoldsUpNothing() throws IOException, InterruptedException {
    int port = harness.listen("");
    harness.connect(port);
    harness.call(port, "Both", "{'receive':1},{'waitMs':2000},{'send':''}", "");
    Thread.sleep(1000);
    harness.tell("{'id':'drain','drain':{'port':%d}}", port);
    harness.tell("{'id':'flush','flush':{}}");
    harness.answer("flush");
    Ended ended = harness.ended("call");
    assertEquals(0, ended.getStatus().getCode());
    assertEquals(1, ended.getSent());
    assertEquals("", harness.answer("drain").getRefused());
    assertEquals(port, harness.listen(",'port':" + port));
  }

  @Test
  void closeEndsConnections() throws IOException, InterruptedException {
    int port = harness.listen("");
    harness.connect(port);
    harness.call(port, "Both", "{'receive':1},{'waitMs':60000}", "");
    Thread.sleep(1000);
    harness.tell("{'id':'close','close':{'port':%d}}", port);
    assertEquals("", harness.answer("close").getRefused());
    assertEquals(1, harness.ended("call").getStatus().getCode()); // RST_STREAM CANCEL
    assertTrue(harness.served("call").getCancelled());
    assertEquals(port, harness.listen(",'port':" + port));
  }

  @Test
  void waitsForReady() throws IOException, InterruptedException {
    int port = harness.listen("");
    harness.tell("{'id':'close','close':{'port':%d}}", port);
    harness.answer("close");
    harness.call(port, "Unary", send(""), "");
    assertEquals(14, harness.ended("call").getStatus().getCode());
    harness.call(port, "Unary", send(""), ",'waitForReady':true,'timeoutMs':20000");
    Thread.sleep(200);
    harness.listen(",'port':" + port);
    assertEquals(0, harness.ended("call").getStatus().getCode());
  }

  @Test
  void connectionsGrowOld() throws IOException {
    int port = harness.listen(",'maxAgeMs':1000,'minPingMs':1000");
    harness.call(port, "Both", "{'receive':1},{'waitMs':2000}", ",'timeoutMs':5000");
    assertEquals(0, harness.ended("call").getStatus().getCode()); // in order
  }

  @Test
  void mutualTls() throws IOException {
    String ca = pem("ca.pem");
    String tls = "'cert':'" + pem("server1.pem") + "','key':'" + pem("server1.key") + "'";
    int port = harness.listen(",'tls':{" + tls + ",'clientCa':'" + ca + "'}");
    String own = ",'cert':'" + pem("client.pem") + "','key':'" + pem("client.key") + "'";
    String name = ",'serverName':'foo.test.google.fr'";
    assertEquals(0, status(port, "'ca':'" + ca + "'" + own + name));
    assertEquals(14, status(port, "'ca':'" + ca + "'" + name)); // without a certificate
    assertEquals(14, status(port, "'ca':'" + ca + "'" + own)); // with another name
    assertEquals(14, status(port, "'ca':'" + pem("badserver.pem") + "'" + own + name));
    assertEquals(0, status(port, "'ca':'" + ca + "'" + own + name));
    assertEquals("testclient", harness.served("call").getClientName());
  }

  @ParameterizedTest
  @CsvSource({"1.2, 1.3", "1.3, 1.2"})
  void speaksOneVersionOfTls(String version, String other) throws Exception {
    int port =
        harness.listen(
            ",'tls':{'cert':'%s','key':'%s','version':'%s'}"
                .formatted(pem("server1.pem"), pem("server1.key"), version));
    assertEquals("TLSv" + version, handshake(port, version, other));
    assertThrows(SSLException.class, () -> handshake(port, other));
  }

  /** Returns the version that comes of a handshake in which the client offers these. */
  private static String handshake(int port, String... versions) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    AdvancedTlsX509TrustManager everyone =
        AdvancedTlsX509TrustManager.newBuilder()
            .setVerification(Verification.INSECURELY_SKIP_ALL_VERIFICATION)
            .build();
    tls.init(null, new TrustManager[] {everyone}, null);
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(Stream.of(versions).map("TLSv"::concat).toArray(String[]::new));
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  private int status(int port, String tls) throws IOException {
    String channel = "'address':'127.0.0.1:" + port + "','tls':{" + tls + "}";
    harness.callOn(channel, "Unary", send(""), "");
    return harness.ended("call").getStatus().getCode();
  }

  private static String pem(String name) throws IOException {
    try (InputStream pem = TlsTesting.loadCert(name)) {
      return new String(pem.readAllBytes(), UTF_8).replace("\n", "\\n");
    }
  }
}
