package stitch.manage;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rows that every server knows. */
final class Table {
  private static final Map<String, Expirement> ROWS =
      index(
          row(0, "Cyber", "breaking"),
          row(1, "Shrink", "short-flying"),
          row(2, "Doubledip", "filting anying"),
          row(3, "Howcome", "making why"),
          row(4, "Squawk", "advanced language skill"),
          row(5, "Truxx", "seting up heavy machine"),
          row(6, "Gigi", "touching ur heart"),
          row(7, "Stitch", "making annoyed noise"));

  private Table() {}

  /** Returns the row of exactly that name. */
  static Optional<Expirement> find(String name) {
    return Optional.ofNullable(ROWS.get(name));
  }

  private static Expirement row(int id, String name, String skill) {
    return Expirement.newBuilder().setId(id).setName(name).setSkill(skill).build();
  }

  private static Map<String, Expirement> index(Expirement... rows) {
    return Arrays.stream(rows).collect(Collectors.toMap(Expirement::getName, Function.identity()));
  }
}
