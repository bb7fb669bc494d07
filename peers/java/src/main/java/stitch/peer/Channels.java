package stitch.peer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import stitch.peer.Contract.Channel;
import stitch.peer.Contract.Keepalive;

/** A channel for each content that a call's {@code channel} has. */
final class Channels {
  private final Map<Channel, ManagedChannel> channels = new HashMap<>();

  /** Returns the channel of that content. It connects when first used. */
  synchronized ManagedChannel of(Channel told) throws IOException {
    ManagedChannel channel = channels.get(told);
    if (channel == null) {
      channel = open(told);
      channels.put(told, channel);
    }
    return channel;
  }

  /** The library's defaults hold, but for a proxy, which would change what is seen. */
  private static ManagedChannel open(Channel told) throws IOException {
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(told.getAddress(), Tls.of(told)).proxyDetector(address -> null);
    if (!told.getTls().getServerName().isEmpty()) {
      builder.overrideAuthority(told.getTls().getServerName());
    }
    if (told.hasKeepalive()) {
      Keepalive keepalive = told.getKeepalive();
      builder
          .keepAliveTime(keepalive.getTimeMs(), MILLISECONDS)
          .keepAliveTimeout(keepalive.getTimeoutMs(), MILLISECONDS)
          .keepAliveWithoutCalls(keepalive.getWithoutCalls());
    }
    if (told.getMaxReceiveBytes() > 0) {
      builder.maxInboundMessageSize(told.getMaxReceiveBytes());
    }
    return builder.build();
  }
}
