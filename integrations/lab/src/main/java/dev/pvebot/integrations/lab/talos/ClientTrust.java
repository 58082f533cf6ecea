package dev.pvebot.integrations.lab.talos;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/// Which client certificates apid takes: signed by the machines' authority, valid now, and for
/// client authentication and nothing else (internal/app/apid `verifyExtKeyUsage`).
final class ClientTrust implements X509TrustManager {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private final X509Certificate authority;

  ClientTrust(X509Certificate authority) {
    this.authority = authority;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    try {
      chain[0].verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("certificate signed by unknown authority", e);
    }
    chain[0].checkValidity();
    if (!List.of(CLIENT_AUTH).equals(chain[0].getExtendedKeyUsage())) {
      throw new CertificateException("certificate is not for client authentication alone");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("This trusts clients only");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority};
  }
}
