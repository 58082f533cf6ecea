package dev.pvebot.integrations.pve.api;

import dev.pvebot.clusters.site.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The certificate that a node shows, for saying which one it is. It is read and never trusted: the
/// handshake ends with it and nothing is sent.
///
/// @param sha256 upper-case hexadecimal with colons
public record PresentedCertificate(
    String sha256, String subject, String issuer, LocalDate validUntil) {
  private static final int PATIENCE_MILLIS = 4000;

  /// Empty when the node shows none.
  public static Optional<PresentedCertificate> of(Site.ApiNode node) {
    Reading reading = new Reading();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {reading}, new SecureRandom());
      try (Socket plain = new Socket()) {
        plain.connect(new InetSocketAddress(node.host(), node.port()), PATIENCE_MILLIS);
        plain.setSoTimeout(PATIENCE_MILLIS);
        try (SSLSocket socket =
            (SSLSocket)
                context.getSocketFactory().createSocket(plain, node.host(), node.port(), true)) {
          socket.startHandshake();
        }
      }
    } catch (IOException _) {
      return reading
          .seen(); // the reading refuses every certificate, so the handshake always ends so
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
    return reading.seen();
  }

  private static final class Reading implements X509TrustManager {
    private final AtomicReference<@Nullable X509Certificate> seen = new AtomicReference<>();

    Optional<PresentedCertificate> seen() {
      return Optional.ofNullable(seen.get())
          .map(certificate ->
              new PresentedCertificate(
                  Trust.fingerprint(certificate),
                  certificate.getSubjectX500Principal().getName(),
                  certificate.getIssuerX500Principal().getName(),
                  LocalDate.ofInstant(certificate.getNotAfter().toInstant(), ZoneOffset.UTC)));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      seen.set(chain[0]);
      throw new CertificateException("only looked at");
    }

    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type)
        throws CertificateException {
      throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
