package stitch.person;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import stitch.manage.ManageGrpc;
import stitch.manage.ManageService;

/** The plain service with health and reflection, on a port. */
public final class PersonServer {
  private static final int GRACE_SECONDS = 5;

  private final Server server;

  /** Listens, and says so on standard error. Throws an IOException when the port cannot be had. */
  public PersonServer(String host, int port) throws IOException {
    HealthStatusManager health = new HealthStatusManager(); // SERVING for the whole server
    health.setStatus(ManageGrpc.SERVICE_NAME, ServingStatus.SERVING);
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(host, port), InsecureServerCredentials.create())
            .addService(new ManageService())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    System.err.printf("listening on %s:%d%n", host, server.getPort());
  }

  int port() {
    return server.getPort();
  }

  /** Returns when the server has stopped. */
  public void await() throws InterruptedException {
    server.awaitTermination();
  }

  /** Takes no new calls, and gives those in flight some time. */
  public void stop() {
    try {
      if (!server.shutdown().awaitTermination(GRACE_SECONDS, SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
    }
  }
}
