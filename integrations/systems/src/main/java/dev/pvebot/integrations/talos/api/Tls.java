package dev.pvebot.integrations.talos.api;

import dev.pvebot.integrations.talos.pki.Pem;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// The two ways in which a node and we prove who we are.
final class Tls {
  private Tls() {}

  /// Both show certificates of the same authority.
  static SslContext mutual(ClientIdentity identity) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("os", Pem.certificate(identity.authority()));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
          .trustManager(trust)
          .keyManager(
              Pem.privateKey(identity.key().reveal()), Pem.certificate(identity.certificate()))
          .build();
    } catch (GeneralSecurityException | java.io.IOException unusable) {
      throw new IllegalArgumentException(
          "the Talos client certificate or its authority cannot be used: " + unusable.getMessage());
    }
  }

  /// The node's certificate is of an authority that lives as long as its process; its key is the
  /// only thing that can be held on to.
  static SslContext pinned(Pin pin) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
          .trustManager(pin)
          .build();
    } catch (SSLException unusable) {
      throw new IllegalStateException("no TLS for maintenance mode", unusable);
    }
  }

  /// Takes the first key it is shown, and from then on only this one. Host names mean nothing here:
  /// a node without configuration has none.
  static final class Pin extends X509ExtendedTrustManager {
    private final AtomicReference<Optional<String>> fingerprint;

    Pin(Optional<String> known) {
      this.fingerprint = new AtomicReference<>(known);
    }

    /// SHA-256 of the key that the node showed (SubjectPublicKeyInfo), lower-case hexadecimal.
    Optional<String> fingerprint() {
      return fingerprint.get();
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      String shown = fingerprint(chain[0]);
      Optional<String> known =
          fingerprint.updateAndGet(before -> before.isPresent() ? before : Optional.of(shown));
      if (!known.orElseThrow().equals(shown)) {
        throw new CertificateException(
            "the node shows another key (%s) than before (%s)"
                .formatted(shown, known.orElseThrow()));
      }
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
      try {
        return HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded()));
      } catch (GeneralSecurityException missing) {
        throw new CertificateException(missing);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("this side is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this side is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this side is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
