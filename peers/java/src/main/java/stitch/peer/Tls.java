package stitch.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Attributes;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import stitch.peer.Contract.Channel;
import stitch.peer.Contract.Listen;

/** Credentials of PEM texts, an empty one of which is not there. */
final class Tls {
  private Tls() {}

  static ChannelCredentials of(Channel channel) throws IOException {
    if (!channel.hasTls()) {
      return InsecureChannelCredentials.create();
    }
    Contract.ClientTls told = channel.getTls();
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    if (!told.getCa().isEmpty()) {
      tls.trustManager(stream(told.getCa()));
    }
    if (!told.getCert().isEmpty()) {
      tls.keyManager(stream(told.getCert()), stream(told.getKey()));
    }
    return tls.build();
  }

  static ServerCredentials of(Listen listen) throws IOException {
    if (!listen.hasTls()) {
      return InsecureServerCredentials.create();
    }
    Contract.ServerTls told = listen.getTls();
    SslContextBuilder tls =
        GrpcSslContexts.forServer(stream(told.getCert()), stream(told.getKey()));
    if (!told.getClientCa().isEmpty()) {
      tls.trustManager(stream(told.getClientCa())).clientAuth(ClientAuth.REQUIRE);
    }
    switch (told.getVersion()) {
      case "" -> {} // those of the library
      case "1.2", "1.3" -> tls.protocols("TLSv" + told.getVersion());
      default -> throw new Unknown("TLS version \"" + told.getVersion() + "\"");
    }
    return NettySslContextServerCredentials.create(tls.build());
  }

  /** Returns the common name of the certificate that the client of a call showed, or "". */
  static String clientName(Attributes call) {
    SSLSession session = call.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return "";
    }
    try {
      for (Rdn part : new LdapName(session.getPeerPrincipal().getName()).getRdns()) {
        if (part.getType().equals("CN")) {
          return part.getValue().toString();
        }
      }
    } catch (SSLPeerUnverifiedException | InvalidNameException e) {
      // It showed none, or one whose subject is no name.
    }
    return "";
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(UTF_8));
  }
}
