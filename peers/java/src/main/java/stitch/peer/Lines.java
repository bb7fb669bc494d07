package stitch.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.OutputStream;
import stitch.peer.Contract.LineIn;
import stitch.peer.Contract.LineOut;

/** Lines: one JSON object each. */
final class Lines {
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private final OutputStream out;

  /** Writes to a stream that does not buffer. */
  Lines(OutputStream out) {
    this.out = out;
  }

  static LineIn parse(String line) throws InvalidProtocolBufferException {
    LineIn.Builder in = LineIn.newBuilder();
    PARSER.merge(line, in);
    return in.build();
  }

  /** Returns the id of a line that could not be parsed, empty when it has none. */
  static String idOf(String line) {
    Struct.Builder object = Struct.newBuilder();
    try {
      PARSER.merge(line, object);
    } catch (InvalidProtocolBufferException e) {
      return "";
    }
    return object.getFieldsOrDefault("id", Value.getDefaultInstance()).getStringValue();
  }

  /** Writes a line in one piece. Nobody may read any more, while calls in flight still end. */
  synchronized void write(LineOut line) {
    try {
      out.write((PRINTER.print(line) + "\n").getBytes(UTF_8));
      out.flush();
    } catch (IOException e) {
      System.err.println("cannot write a line: " + e.getMessage());
    }
  }
}
