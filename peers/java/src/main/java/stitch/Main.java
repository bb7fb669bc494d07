package stitch;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import stitch.peer.Peer;
import stitch.person.PersonClient;
import stitch.person.PersonServer;

/** The program: does the command that its arguments name. */
public final class Main {
  private static final String USAGE =
      """
      usage:
        stitch-java server [--host HOST] [--port PORT]
        stitch-java client [--address HOST:PORT]… [NAME…]
        stitch-java health [--address HOST:PORT]
        stitch-java peer""";

  private static final String ADDRESS = "127.0.0.1:6000";

  private Main() {}

  /** Exits with code 0 when all was well, and otherwise with a sentence on standard error. */
  public static void main(String[] args) throws Exception {
    try {
      System.exit(run(args) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      System.exit(2);
    } catch (IOException e) {
      System.err.println(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause()));
      System.exit(1);
    }
  }

  private static boolean run(String[] args) throws IOException, InterruptedException {
    if (args.length == 0) {
      throw new IllegalArgumentException("no command");
    }
    List<String> words = List.of(args).subList(1, args.length);
    switch (args[0]) {
      case "server" -> {
        Arguments arguments = new Arguments(words, "--host", "--port").withoutNames();
        PersonServer server =
            new PersonServer(arguments.text("--host", "127.0.0.1"), arguments.port("--port", 6000));
        atExit(server::stop);
        server.await();
        return true;
      }
      case "client" -> {
        Arguments arguments = new Arguments(words, "--address");
        return lookUp(arguments.texts("--address", ADDRESS), arguments.names("Stitch"));
      }
      case "health" -> {
        Arguments arguments = new Arguments(words, "--address").withoutNames();
        try (PersonClient client = client(arguments.text("--address", ADDRESS), "")) {
          return client.isHealthy();
        }
      }
      case "peer" -> {
        new Arguments(words).withoutNames();
        Peer peer = new Peer(new FileOutputStream(FileDescriptor.out));
        atExit(peer::stop);
        peer.run(new FileInputStream(FileDescriptor.in));
        return true;
      }
      default -> throw new IllegalArgumentException("unknown command " + args[0]);
    }
  }

  /** At each address; where there are several, each is told before what is there. */
  private static boolean lookUp(List<String> addresses, List<String> names) {
    boolean isOk = true;
    for (String address : addresses) {
      boolean isOneOfMany = addresses.size() > 1;
      if (isOneOfMany) {
        System.out.println(address);
      }
      try (PersonClient client = client(address, isOneOfMany ? address + ": " : "")) {
        isOk &= client.lookUp(names);
      }
    }
    return isOk;
  }

  private static PersonClient client(String address, String before) {
    return new PersonClient(address, System.out, System.err, before);
  }

  /** Stops before the program exits, on SIGTERM and SIGINT too; the exit code is 0 then. */
  private static void atExit(Runnable stop) {
    Runtime runtime = Runtime.getRuntime();
    runtime.addShutdownHook(
        new Thread(
            () -> {
              stop.run();
              runtime.halt(0);
            },
            "stop"));
  }
}
