package stitch.person;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.PrintStream;
import java.util.List;
import stitch.manage.Expirement;
import stitch.manage.ManageGrpc;
import stitch.manage.NameRequest;

/** What a person asks of a server. */
public final class PersonClient implements AutoCloseable {
  private static final int CALL_SECONDS = 10;
  private static final int HEALTH_SECONDS = 2;

  private final ManagedChannel channel;
  private final PrintStream out;
  private final PrintStream err;
  private final String before;

  /**
   * Asks the server at HOST:PORT; rows go to {@code out}, and what else came to {@code err}, with
   * what stands {@code before} it.
   */
  public PersonClient(String address, PrintStream out, PrintStream err, String before) {
    channel =
        Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
            .proxyDetector(target -> null)
            .build();
    this.out = out;
    this.err = err;
    this.before = before;
  }

  /** Looks each name up and prints its row. Returns whether every call was OK. */
  public boolean lookUp(List<String> names) {
    return names.stream().map(this::lookUp).reduce(true, Boolean::logicalAnd);
  }

  private boolean lookUp(String name) {
    NameRequest request = NameRequest.newBuilder().setName(name).build();
    try {
      Expirement row =
          ManageGrpc.newBlockingStub(channel)
              .withDeadlineAfter(CALL_SECONDS, SECONDS)
              .pickOne(request);
      out.printf(
          "Expirement:\n---Name:%s \n---ID:%d \n---Skill:%s\n",
          row.getName(), row.getId(), row.getSkill());
      return true;
    } catch (StatusRuntimeException e) {
      err.println(before + sentence(e.getStatus()));
      return false;
    }
  }

  /** Returns whether the whole server is SERVING, and says why not. */
  public boolean isHealthy() {
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(HEALTH_SECONDS, SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();
      if (status != ServingStatus.SERVING) {
        err.println("wanted SERVING, got " + status);
      }
      return status == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      err.println(sentence(e.getStatus()));
      return false;
    }
  }

  private static String sentence(Status status) {
    return status.getCode() + ": " + status.getDescription();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
