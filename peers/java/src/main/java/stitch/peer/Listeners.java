package stitch.peer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stitch.peer.Contract.Keepalive;
import stitch.peer.Contract.Listen;

/** Listeners, by port. Each is a server of its own. */
final class Listeners {
  private final Map<Integer, Server> servers = new ConcurrentHashMap<>();
  private final Driver driver;

  Listeners(Driver driver) {
    this.driver = driver;
  }

  /** Returns the port, once calls are accepted. */
  int open(Listen listen, Types types) throws IOException {
    NettyServerBuilder builder = builder(listen);
    types.services().forEach((name, methods) -> builder.addService(driver.service(name, methods)));
    Server server = builder.build().start();
    servers.put(server.getPort(), server);
    return server.getPort();
  }

  /** What is not told is the library's default. */
  private static NettyServerBuilder builder(Listen listen) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(listen.getHost(), listen.getPort()), Tls.of(listen));
    if (listen.hasKeepalive()) {
      Keepalive keepalive = listen.getKeepalive();
      builder
          .keepAliveTime(keepalive.getTimeMs(), MILLISECONDS)
          .keepAliveTimeout(keepalive.getTimeoutMs(), MILLISECONDS);
    }
    if (listen.getMinPingMs() > 0) {
      builder
          .permitKeepAliveTime(listen.getMinPingMs(), MILLISECONDS)
          .permitKeepAliveWithoutCalls(true); // it is told what is too often, with calls or without
    }
    if (listen.getMaxReceiveBytes() > 0) {
      builder.maxInboundMessageSize(listen.getMaxReceiveBytes());
    }
    if (listen.getMaxAgeMs() > 0) {
      builder.maxConnectionAge(listen.getMaxAgeMs(), MILLISECONDS);
    }
    return builder;
  }

  /** Ends a listener and its connections. Returns when the port is free. */
  void close(int port) throws InterruptedException {
    remove(port).shutdownNow().awaitTermination();
  }

  /** The same, when the calls in flight have ended. No new ones begin. */
  void drain(int port) throws InterruptedException {
    remove(port).shutdown().awaitTermination();
  }

  private Server remove(int port) {
    Server server = servers.remove(port);
    if (server == null) {
      throw new Unknown("port " + port + ": nothing listens here");
    }
    return server;
  }

  /** Drains all, until the given moment at the latest. */
  void stop(long nanoTime) throws InterruptedException {
    servers.values().forEach(Server::shutdown);
    for (Server server : servers.values()) {
      server.awaitTermination(nanoTime - System.nanoTime(), NANOSECONDS);
    }
  }
}
