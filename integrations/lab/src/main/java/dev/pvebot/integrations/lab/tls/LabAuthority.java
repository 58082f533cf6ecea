package dev.pvebot.integrations.lab.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The lab's own certificate authority, as each PVE cluster has one in /etc/pve/pve-root-ca.pem.
/// Its keys live as long as the lab and are on P-256: RSA keys would take most of the lab's start.
public final class LabAuthority {
  /// A node's certificate, ready to listen with.
  public record Identity(X509Certificate certificate, SslContext context) {
    /// SHA-256 as PVE prints it: upper-case pairs with colons.
    public String fingerprint() {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Fingerprint of the lab's certificate", e);
      }
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final X500Principal name;

  public LabAuthority(String clusterName) {
    this.name = new X500Principal("CN=Proxmox Virtual Environment,OU=lab,O=" + clusterName);
    this.keys = newKeys();
    this.certificate = sign(name, keys, List.of(), true);
  }

  /// A certificate for a server known by these DNS names and IP addresses.
  public Identity issue(String commonName, List<String> dnsNames, List<String> addresses) {
    KeyPair own = newKeys();
    List<GeneralName> names =
        java.util.stream.Stream.concat(
                dnsNames.stream().map(n -> new GeneralName(GeneralName.dNSName, n)),
                addresses.stream().map(a -> new GeneralName(GeneralName.iPAddress, a)))
            .toList();
    X509Certificate issued =
        sign(new X500Principal("CN=" + commonName.toLowerCase(Locale.ROOT)), own, names, false);
    try {
      return new Identity(
          issued,
          SslContextBuilder.forServer(own.getPrivate(), issued, certificate)
              .sslProvider(SslProvider.JDK)
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException("TLS of the lab's node " + commonName, e);
    }
  }

  /// The authority's certificate, as pve-root-ca.pem holds it.
  public String pem() {
    try {
      StringWriter pem = new StringWriter();
      pem.append("-----BEGIN CERTIFICATE-----\n");
      pem.append(
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()));
      pem.append("\n-----END CERTIFICATE-----\n");
      return pem.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("PEM of the lab's authority", e);
    }
  }

  private X509Certificate sign(
      X500Principal subject, KeyPair subjectKeys, List<GeneralName> names, boolean authority) {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(120, RANDOM),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(730))),
            subject,
            subjectKeys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("Signing the lab's certificate for " + subject, e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("EC keys for the lab", e);
    }
  }
}
