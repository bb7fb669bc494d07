package stitch.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import stitch.peer.Contract.Call;
import stitch.peer.Contract.Ended;

/** Makes calls as it is told, and reports how they ended. */
final class Caller {
  private final Channels channels = new Channels();
  private final Executor threads;
  private final Consumer<Ended> report;

  Caller(Executor threads, Consumer<Ended> report) {
    this.threads = threads;
    this.report = report;
  }

  /** Begins the calls that are told, of methods of the types. */
  void make(String id, Call told, Types types) {
    if (told.getTimes() <= 1) {
      threads.execute(() -> report.accept(perform(id, told, types)));
      return;
    }
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < Math.max(told.getAtOnce(), 1); i++) {
      threads.execute(
          () -> {
            for (int n; (n = next.getAndIncrement()) < told.getTimes(); ) {
              report.accept(perform(id + "." + n, told, types));
            }
          });
    }
  }

  private Ended perform(String id, Call told, Types types) {
    try {
      Method method = method(told, types);
      return new MadeCall(id, told, method, channels.of(told.getChannel()))
          .perform(told.getStepsList())
          .setId(id)
          .build();
    } catch (Unknown e) {
      return Ended.newBuilder().setId(id).setUnsupported(e.getMessage()).build();
    } catch (InvalidProtocolBufferException e) {
      return Ended.newBuilder().setId(id).setUnusable(e.getMessage()).build();
    } catch (IOException | InterruptedException | RuntimeException e) {
      Contract.Status status = Statuses.of(Statuses.ofThrowable(e), new Metadata());
      return Ended.newBuilder().setId(id).setStatus(status).build();
    }
  }

  /** Throws for what this client does not know. */
  private static Method method(Call told, Types types) {
    String path = told.getTypes().isEmpty() ? told.getMethod() : told.getTypes();
    Method method = types.method(path);
    if (method == null) {
      throw new Unknown("method \"" + path + "\"");
    }
    Unknown.compression(told.getCompression());
    boolean sends = false;
    for (int i = 0; i < told.getStepsCount(); i++) {
      Unknown.step(i, told.getSteps(i).getStepCase().getNumber());
      sends |= told.getSteps(i).hasSend();
    }
    if (method.type().clientSendsOneMessage() && !sends) {
      throw new Unknown("a call without its request");
    }
    return path.equals(told.getMethod()) ? method : method.at(told.getMethod());
  }
}
