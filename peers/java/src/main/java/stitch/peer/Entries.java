package stitch.peer;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import stitch.peer.Contract.Metadatum;

/** Metadata, as the lines and as the library have it. */
final class Entries {
  private Entries() {}

  /**
   * Lists the entries. The library keeps the order of a key's values, and none of the keys. Of an
   * answer that is none of gRPC it has {@code :status} as well, which it takes for no key.
   */
  static List<Metadatum> of(Metadata metadata) {
    List<Metadatum> entries = new ArrayList<>();
    for (String key : new TreeSet<>(metadata.keys())) {
      if (key.startsWith(":")) {
        continue;
      }
      if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        for (byte[] value : metadata.getAll(binary(key))) {
          entries.add(
              Metadatum.newBuilder().setKey(key).setBinary(ByteString.copyFrom(value)).build());
        }
      } else {
        for (String value : metadata.getAll(ascii(key))) {
          entries.add(Metadatum.newBuilder().setKey(key).setText(value).build());
        }
      }
    }
    return entries;
  }

  /** Throws an IllegalArgumentException for a key that the library does not take. */
  static Metadata metadata(Iterable<Metadatum> entries) {
    Metadata metadata = new Metadata();
    for (Metadatum entry : entries) {
      if (entry.hasBinary()) {
        metadata.put(binary(entry.getKey()), entry.getBinary().toByteArray());
      } else {
        metadata.put(ascii(entry.getKey()), entry.getText());
      }
    }
    return metadata;
  }

  /** Returns the value of an ASCII key, empty when there is none. */
  static String text(Metadata metadata, String key) {
    String value = metadata.get(ascii(key));
    return value == null ? "" : value;
  }

  static Metadata.Key<String> ascii(String key) {
    return Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static Metadata.Key<byte[]> binary(String key) {
    return Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER);
  }
}
