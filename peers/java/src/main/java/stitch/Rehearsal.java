package stitch;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.grpc.reflection.v1.ServerReflectionProto;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stitch.peer.Peer;

/**
 * A peer that calls itself. The build runs it so that the classes it takes can be archived, and
 * need not be loaded and verified one by one when the program starts.
 */
final class Rehearsal {
  private static final Pattern PORT = Pattern.compile("\"port\":([0-9]+)");
  private static final String CHAT = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  private static final String UNARY_SCRIPT =
      """
      {"id":"s1","script":{"name":"s","compression":"gzip","steps":[{"headers":{}},{"receive":1},\
      {"send":"CgZTdGl0Y2g="},{"end":{"trailers":[{"key":"x","text":"1"}]}}]}}""";
  private static final String CHAT_SCRIPT =
      """
      {"id":"s2","script":{"name":"%s","steps":[{"receive":1},{"send":"","times":3},{"waitMs":1},\
      {"receive":-1},{"end":{"status":{"code":5,"message":"m"}}}]}}""";
  private static final String CALL =
      """
      {"id":"c","call":{"channel":{"address":"127.0.0.1:%s"},"method":"%s","timeoutMs":9000,\
      "compression":"gzip","metadata":[{"key":"stitch-script","text":"%s"}],"steps":[%s]}}""";
  private static final String UNARY_STEPS = "{\"send\":\"CgZTdGl0Y2g=\"}";
  private static final String CHAT_STEPS =
      "{\"send\":\"\"},{\"waitMs\":1},{\"receive\":1},{\"send\":\"\",\"times\":2}";

  private Rehearsal() {}

  /** Exits with code 1 when a line does not come. */
  public static void main(String[] args) throws IOException {
    PipedOutputStream toPeer = new PipedOutputStream();
    PipedInputStream fromPeer = new PipedInputStream();
    PipedInputStream in = new PipedInputStream(toPeer);
    Peer peer = new Peer(new PipedOutputStream(fromPeer));
    new Thread(() -> run(peer, in), "peer").start();
    PrintStream tell = new PrintStream(toPeer, true, StandardCharsets.UTF_8);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(fromPeer, StandardCharsets.UTF_8));
    await(lines, "ready");
    tell.printf("{\"id\":\"t\",\"types\":{\"files\":\"%s\"}}\n", types());
    tell.println(UNARY_SCRIPT);
    tell.printf(CHAT_SCRIPT + "\n", CHAT);
    tell.println("{\"id\":\"l\",\"listen\":{\"host\":\"127.0.0.1\"}}");
    Matcher port = PORT.matcher(await(lines, "\"port\""));
    port.find();
    for (String script : List.of("s", "")) {
      tell.printf(CALL + "\n", port.group(1), "/Manage/PickOne", script, UNARY_STEPS);
      await(lines, "ended");
    }
    for (String end : List.of("", ",{\"cancel\":true}")) {
      tell.printf(CALL + "\n", port.group(1), CHAT, "", CHAT_STEPS + end);
      await(lines, "ended");
    }
    tell.println("{\"id\":\"f\",\"flush\":{}}");
    await(lines, "\"f\"");
    toPeer.close();
    peer.stop();
    System.exit(0);
  }

  private static String types() {
    FileDescriptorProto file = ServerReflectionProto.getDescriptor().toProto();
    byte[] set = FileDescriptorSet.newBuilder().addFile(file).build().toByteArray();
    return Base64.getEncoder().encodeToString(set);
  }

  private static void run(Peer peer, PipedInputStream in) {
    try {
      peer.run(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String await(BufferedReader lines, String part) throws IOException {
    for (String line; (line = lines.readLine()) != null; ) {
      if (line.contains(part)) {
        return line;
      }
    }
    throw new IOException("no " + part);
  }
}
