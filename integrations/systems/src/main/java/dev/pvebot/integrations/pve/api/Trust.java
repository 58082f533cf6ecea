package dev.pvebot.integrations.pve.api;

import dev.pvebot.clusters.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/// Makes a node prove who it is: by its exact certificate, by one authority and the host's name, or
/// by the machine's own trust store and the host's name. There is no fourth way.
final class Trust {
  private Trust() {}

  static OkHttpClient.Builder apply(OkHttpClient.Builder builder, Site.Tls tls, Site.ApiNode node) {
    return switch (tls) {
      case Site.Tls.SystemTrust() -> builder;
      case Site.Tls.Authority(Path certificate) -> {
        X509TrustManager manager = authority(certificate);
        yield builder.sslSocketFactory(context(manager).getSocketFactory(), manager);
      }
      case Site.Tls.Pinned pinned -> {
        String fingerprint =
            Optional.ofNullable(pinned.fingerprints().get(node.name()))
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "tls pins no fingerprint for node " + node.name()));
        X509TrustManager manager = new PinnedCertificate(fingerprint);
        // The exact certificate is known, so the name in it adds nothing: PVE's own certificates
        // often lack the address.
        yield builder
            .sslSocketFactory(context(manager).getSocketFactory(), manager)
            .hostnameVerifier((_, session) -> isPinned(session, fingerprint));
      }
    };
  }

  private static boolean isPinned(javax.net.ssl.SSLSession session, String fingerprint) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate shown
          && same(fingerprint, fingerprint(shown));
    } catch (javax.net.ssl.SSLPeerUnverifiedException _) {
      return false;
    }
  }

  private static SSLContext context(X509TrustManager manager) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static X509TrustManager authority(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("tls: %s holds no certificate".formatted(file));
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          return x509;
        }
      }
      throw new IllegalStateException("no X.509 trust manager");
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new IllegalArgumentException(
          "tls: %s cannot be read as a PEM certificate: %s"
              .formatted(file, unreadable.getMessage()),
          unreadable);
    }
  }

  /// SHA-256 as PVE shows it: upper-case hexadecimal with colons.
  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static boolean same(String left, String right) {
    return bare(left).equals(bare(right));
  }

  private static String bare(String fingerprint) {
    return fingerprint.replace(":", "").toUpperCase(Locale.ROOT);
  }

  /// The certificate is not the pinned one.
  static final class NotPinned extends CertificateException {
    private static final long serialVersionUID = 1;

    NotPinned(String expected, String shown) {
      super("its certificate is %s, pinned is %s".formatted(shown, expected));
    }
  }

  private record PinnedCertificate(String fingerprint) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type)
        throws CertificateException {
      throw new CertificateException("this is a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      String shown = Trust.fingerprint(chain[0]);
      if (!same(fingerprint, shown)) {
        throw new NotPinned(fingerprint, shown);
      }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
