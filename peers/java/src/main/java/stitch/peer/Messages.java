package stitch.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Messages in order, as a record tells them: equal ones in a row are one entry. */
final class Messages {
  private final List<Contract.Message.Builder> entries = new ArrayList<>();

  void add(Message message) {
    ByteString bytes = serialize(message);
    Contract.Message.Builder last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
    if (last != null && last.getBytes().equals(bytes)) {
      last.setTimes(Math.max(last.getTimes(), 1) + 1);
    } else {
      entries.add(Contract.Message.newBuilder().setBytes(bytes));
    }
  }

  List<Contract.Message> list() {
    return entries.stream().map(Contract.Message.Builder::build).toList();
  }

  private static ByteString serialize(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the array is as long as the message
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }
}
