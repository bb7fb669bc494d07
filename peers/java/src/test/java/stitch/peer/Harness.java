package stitch.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import stitch.peer.Contract.Answer;
import stitch.peer.Contract.Ended;
import stitch.peer.Contract.LineOut;
import stitch.peer.Contract.Served;

/** Drives a peer as the harness does. It knows note.Notes, whose messages have one text. */
final class Harness implements AutoCloseable {
  private final BlockingQueue<LineOut> lines = new LinkedBlockingQueue<>();
  private final List<LineOut> unread = new ArrayList<>();
  private final PipedOutputStream in = new PipedOutputStream();
  private final Peer peer = new Peer(lineByLine());
  private final Thread loop;

  Harness() throws IOException {
    PipedInputStream read = new PipedInputStream(in, 1 << 20);
    loop =
        new Thread(
            () -> {
              try {
                peer.run(read);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              peer.stop();
            });
    loop.start();
    assertEquals("grpc-java", await(LineOut::hasReady).getReady().getLibrary());
    tell("{'id':'types','types':{'files':'%s'}}", Base64.getEncoder().encodeToString(notes()));
    assertEquals("", answer("types").getRefused());
  }

  private OutputStream lineByLine() {
    return new OutputStream() {
      @Override
      public void write(int part) {
        throw new AssertionError("a line in parts");
      }

      @Override
      public void write(byte[] line, int from, int length) throws IOException {
        LineOut.Builder out = LineOut.newBuilder();
        JsonFormat.parser().merge(new String(line, from, length, UTF_8), out);
        lines.add(out.build());
      }
    };
  }

  private static byte[] notes() {
    FieldDescriptorProto text =
        FieldDescriptorProto.newBuilder()
            .setName("text")
            .setNumber(1)
            .setType(FieldDescriptorProto.Type.TYPE_STRING)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
            .build();
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("note.proto")
            .setPackage("note")
            .setSyntax("proto3")
            .addMessageType(DescriptorProto.newBuilder().setName("Note").addField(text))
            .addService(
                ServiceDescriptorProto.newBuilder()
                    .setName("Notes")
                    .addMethod(method("Unary", false, false))
                    .addMethod(method("Up", true, false))
                    .addMethod(method("Down", false, true))
                    .addMethod(method("Both", true, true)))
            .build();
    return FileDescriptorSet.newBuilder().addFile(file).build().toByteArray();
  }

  private static MethodDescriptorProto method(String name, boolean ups, boolean downs) {
    return MethodDescriptorProto.newBuilder()
        .setName(name)
        .setInputType(".note.Note")
        .setOutputType(".note.Note")
        .setClientStreaming(ups)
        .setServerStreaming(downs)
        .build();
  }

  /** Returns a step that sends that text. */
  static String send(String text) {
    ByteString note = NOTE_TAG.concat(length(text.length())).concat(ByteString.copyFromUtf8(text));
    return "{'send':'" + Base64.getEncoder().encodeToString(note.toByteArray()) + "'}";
  }

  private static final ByteString NOTE_TAG = ByteString.copyFrom(new byte[] {10});

  private static ByteString length(int length) {
    ByteString.Output out = ByteString.newOutput();
    int rest = length;
    for (; rest > 127; rest >>>= 7) {
      out.write(rest & 127 | 128);
    }
    out.write(rest);
    return out.toByteString();
  }

  /** Writes a line of JSON, in which ' stands for ". */
  void tell(String format, Object... values) throws IOException {
    in.write((String.format(format, values).replace('\'', '"') + "\n").getBytes(UTF_8));
    in.flush();
  }

  void script(String name, String steps) throws IOException {
    tell("{'id':'script','script':{'name':'%s','steps':[%s]}}", name, steps);
    assertEquals("", answer("script").getRefused());
  }

  /** Opens a listener, with these members besides, and returns its port. */
  int listen(String members) throws IOException {
    tell("{'id':'listen','listen':{'host':'127.0.0.1'%s}}", members);
    Answer answer = answer("listen");
    assertEquals("", answer.getRefused());
    return answer.getPort();
  }

  void call(int port, String method, String steps, String members) throws IOException {
    callOn("'address':'127.0.0.1:" + port + "'", method, steps, members);
  }

  void callOn(String channel, String method, String steps, String members) throws IOException {
    tell(
        "{'id':'call','call':{'channel':{%s},'method':'/note.Notes/%s','steps':[%s]%s}}",
        channel, method, steps, members);
  }

  /** Makes the connection, with a call of a method that this very peer serves. */
  void connect(int port) throws IOException {
    call(port, "Unary", send(""), "");
    ended("call");
    served("call");
  }

  Answer answer(String id) {
    return await(line -> line.hasAnswer() && line.getAnswer().getId().equals(id)).getAnswer();
  }

  Ended ended(String id) {
    return await(line -> line.hasEnded() && line.getEnded().getId().equals(id)).getEnded();
  }

  Served served(String id) {
    return await(line -> line.hasServed() && line.getServed().getCallId().equals(id)).getServed();
  }

  /** Returns the next line that is wanted, and keeps the others. */
  private LineOut await(Predicate<LineOut> wanted) {
    for (LineOut line : unread) {
      if (wanted.test(line)) {
        unread.remove(line);
        return line;
      }
    }
    while (true) {
      LineOut line;
      try {
        line = lines.poll(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertNotNull(line, () -> "no such line; there were " + unread);
      if (wanted.test(line)) {
        return line;
      }
      unread.add(line);
    }
  }

  /** Tells the texts of messages, and how often each came: "a a b". */
  static String texts(List<Contract.Message> messages) {
    List<String> texts = new ArrayList<>();
    for (Contract.Message message : messages) {
      for (int i = 0; i < Math.max(message.getTimes(), 1); i++) {
        texts.add(textOf(message.getBytes()));
      }
    }
    return String.join(" ", texts);
  }

  private static String textOf(ByteString note) {
    try {
      return stitch.manage.NameRequest.parseFrom(note).getName(); // it looks the same
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the input, and returns when the peer has stopped. */
  void stop() throws IOException, InterruptedException {
    in.close();
    loop.join();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
