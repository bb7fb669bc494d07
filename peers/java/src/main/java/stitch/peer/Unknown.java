package stitch.peer;

/** A line has something that this peer does not know. Its message names it. */
final class Unknown extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  Unknown(String what) {
    super(what);
  }

  /** Throws unless it is gzip, or none. */
  static void compression(String name) {
    if (!name.isEmpty() && !name.equals("gzip")) {
      throw new Unknown("compression \"" + name + "\"");
    }
  }

  /** Throws for a step, counted from 0, of which nothing is set. */
  static void step(int index, int number) {
    if (number == 0) {
      throw new Unknown("step " + (index + 1));
    }
  }
}
