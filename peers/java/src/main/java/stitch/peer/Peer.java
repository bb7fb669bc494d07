package stitch.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import stitch.peer.Contract.Answer;
import stitch.peer.Contract.LineIn;
import stitch.peer.Contract.LineOut;
import stitch.peer.Contract.Ready;

/** The program as the harness sees it: lines in, lines out, and both roles in one loop. */
public final class Peer {
  private static final int GRACE_SECONDS = 5;

  private final Lines lines;

  /** Calls of the client, and instructions that may be slow. */
  private final ExecutorService work = Executors.newCachedThreadPool();

  private final ExecutorService plays = Executors.newCachedThreadPool();
  private final Caller caller;
  private final Driver driver;
  private final Listeners listeners;
  private Types types = Types.PLAIN;

  /** Writes lines to a stream that does not buffer. */
  public Peer(OutputStream out) {
    lines = new Lines(out);
    caller = new Caller(work, ended -> lines.write(LineOut.newBuilder().setEnded(ended).build()));
    driver =
        new Driver(plays, served -> lines.write(LineOut.newBuilder().setServed(served).build()));
    listeners = new Listeners(driver);
  }

  /** Does what the lines tell until they end, or the peer is stopped. */
  public void run(InputStream in) throws IOException {
    lines.write(LineOut.newBuilder().setReady(ready()).build());
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
    for (String line; (line = reader.readLine()) != null && !work.isShutdown(); ) {
      take(line);
    }
  }

  private static Ready ready() {
    return Ready.newBuilder()
        .setLanguage("Java")
        .setLanguageVersion(System.getProperty("java.version"))
        .setLibrary("grpc-java")
        .setLibraryVersion(ManagedChannel.class.getPackage().getImplementationVersion())
        .setMessages("dynamic")
        .build();
  }

  /** Begins what a line tells, and does not wait for what may be slow. */
  private void take(String line) {
    LineIn in;
    try {
      in = Lines.parse(line);
    } catch (InvalidProtocolBufferException e) {
      refuse(Lines.idOf(line), e);
      return;
    }
    String id = in.getId();
    if (id.isEmpty()) {
      refuse("", new Unknown("no id"));
      return;
    }
    Types known = types;
    try {
      switch (in.getDoCase()) {
        case TYPES -> answer(id, () -> types = Types.parse(in.getTypes().getFiles()));
        case SCRIPT -> answer(id, () -> driver.keep(in.getScript()));
        case LISTEN -> listen(in);
        case CLOSE -> work.execute(() -> answer(id, () -> close(in.getClose().getPort())));
        case DRAIN ->
            work.execute(() -> answer(id, () -> listeners.drain(in.getDrain().getPort())));
        case FLUSH -> work.execute(() -> answer(id, driver::flush));
        case CALL -> caller.make(id, in.getCall(), known);
        case DO_NOT_SET -> refuse(id, new Unknown("unknown instruction"));
      }
    } catch (RejectedExecutionException e) {
      refuse(id, new Unknown("the peer stops"));
    }
  }

  private interface Instruction {
    void run() throws Exception;
  }

  private void answer(String id, Instruction instruction) {
    try {
      instruction.run();
      answer(Answer.newBuilder().setId(id));
    } catch (Exception e) {
      refuse(id, e);
    }
  }

  private void listen(LineIn in) {
    try {
      int port = listeners.open(in.getListen(), types);
      answer(Answer.newBuilder().setId(in.getId()).setPort(port));
    } catch (IOException | RuntimeException e) {
      refuse(in.getId(), e);
    }
  }

  private void close(int port) throws InterruptedException {
    listeners.close(port);
    driver.flush();
  }

  private void refuse(String id, Exception reason) {
    String words = reason instanceof Unknown ? reason.getMessage() : reason.toString();
    if (reason.getCause() != null) {
      words += ": " + reason.getCause().getMessage();
    }
    answer(Answer.newBuilder().setId(id).setRefused(words));
  }

  private void answer(Answer.Builder answer) {
    lines.write(LineOut.newBuilder().setAnswer(answer).build());
  }

  /** Takes no new calls, and waits for what is under way, for some seconds at most. */
  public void stop() {
    long end = System.nanoTime() + SECONDS.toNanos(GRACE_SECONDS);
    work.shutdown();
    try {
      listeners.stop(end);
      work.awaitTermination(end - System.nanoTime(), NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
