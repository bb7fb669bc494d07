package stitch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The words behind a command: options with a value each, and names. */
final class Arguments {
  private static final int MAX_PORT = 65535;

  private final Map<String, List<String>> options = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  /** Throws an IllegalArgumentException that says what is not understood. */
  Arguments(List<String> words, String... known) {
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      if (!word.startsWith("--")) {
        names.add(word);
      } else if (!List.of(known).contains(word)) {
        throw new IllegalArgumentException("unknown option " + word);
      } else if (!rest.hasNext()) {
        throw new IllegalArgumentException(word + " needs a value");
      } else {
        options.computeIfAbsent(word, option -> new ArrayList<>()).add(rest.next());
      }
    }
  }

  Arguments withoutNames() {
    if (!names.isEmpty()) {
      throw new IllegalArgumentException("unknown argument " + names.get(0));
    }
    return this;
  }

  List<String> names(String otherwise) {
    return names.isEmpty() ? List.of(otherwise) : names;
  }

  /** All that was said of an option that may be repeated. */
  List<String> texts(String option, String otherwise) {
    return options.getOrDefault(option, List.of(otherwise));
  }

  /** What was said of the option last. */
  String text(String option, String otherwise) {
    List<String> said = texts(option, otherwise);
    return said.get(said.size() - 1);
  }

  int port(String option, int otherwise) {
    String word = text(option, String.valueOf(otherwise));
    if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) > MAX_PORT) {
      throw new IllegalArgumentException(option + " " + word + " is not a port");
    }
    return Integer.parseInt(word);
  }
}
