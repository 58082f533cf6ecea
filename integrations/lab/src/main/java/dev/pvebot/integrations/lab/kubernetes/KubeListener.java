package dev.pvebot.integrations.lab.kubernetes;

import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.wire.HttpListener;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;

/// kube-apiserver on one address, port 6443.
public final class KubeListener implements AutoCloseable {
  /// What it proves itself with, and whom it believes.
  public record Identity(X509Certificate certificate, PrivateKey key, X509TrustManager clients) {}

  private static final int PORT = 6443;

  private final HttpListener http;

  private KubeListener(HttpListener http) {
    this.http = http;
  }

  /// @throws IOException if the address is taken
  public static KubeListener open(
      HttpListener.Threads threads,
      String node,
      String address,
      Identity identity,
      KubeCluster cluster,
      Ledger ledger,
      Faults faults)
      throws IOException {
    SslContext tls =
        SslContextBuilder.forServer(identity.key(), identity.certificate())
            .sslProvider(SslProvider.JDK)
            .clientAuth(ClientAuth.OPTIONAL)
            .trustManager(identity.clients())
            .build();
    return new KubeListener(
        new HttpListener(
            threads,
            new InetSocketAddress(address, PORT),
            Optional.of(tls),
            new KubeGateway(node, cluster, ledger, faults)::answer));
  }

  @Override
  public void close() {
    http.close();
  }
}
