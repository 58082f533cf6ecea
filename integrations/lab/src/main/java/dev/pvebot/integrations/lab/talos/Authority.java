package dev.pvebot.integrations.lab.talos;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/// A certificate authority out of a machine configuration (`machine.ca`, `cluster.ca`), or the
/// throw-away one of a machine in maintenance mode.
record Authority(X509Certificate certificate, PrivateKey key) {
  /// A certificate with its key.
  record Issued(X509Certificate certificate, PrivateKey key) {
    String certificatePem() {
      return pem("CERTIFICATE", encoded(certificate));
    }

    String keyPem() {
      return key.getAlgorithm().equals("EC")
          ? pem("PRIVATE KEY", key.getEncoded())
          : pem("ED25519 PRIVATE KEY", key.getEncoded());
    }
  }

  /// What a certificate is for.
  enum Use {
    SERVER,
    CLIENT
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  /// @throws GeneralSecurityException if one of them is no PEM of a kind that Talos writes
  static Authority parse(String certificatePem, String keyPem) throws GeneralSecurityException {
    return new Authority(certificate(certificatePem), key(keyPem));
  }

  static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new java.io.ByteArrayInputStream(
                    pem.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /// Talos calls an Ed25519 key in PKCS#8 `ED25519 PRIVATE KEY`; EC keys come as SEC1 or PKCS#8.
  private static PrivateKey key(String pem) throws GeneralSecurityException {
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject object = reader.readPemObject();
      if (object == null) {
        throw new GeneralSecurityException("There is no key in this PEM text");
      }
      if (object.getType().equals("ED25519 PRIVATE KEY")) {
        return KeyFactory.getInstance("Ed25519")
            .generatePrivate(new PKCS8EncodedKeySpec(object.getContent()));
      }
      try (PEMParser parser = new PEMParser(new StringReader(pem))) {
        Object parsed = parser.readObject();
        PrivateKeyInfo info =
            parsed instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) parsed;
        String oid = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        String algorithm =
            oid.equals("1.3.101.112") ? "Ed25519" : oid.startsWith("1.2.840.10045") ? "EC" : "RSA";
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
      }
    } catch (IOException e) {
      throw new GeneralSecurityException("Reading a private key", e);
    }
  }

  /// A new authority that nobody knows.
  static Authority throwAway(String organization) {
    try {
      KeyPair keys = keys("Ed25519");
      X500Name name = new X500Name("O=" + organization);
      X509Certificate certificate =
          sign(name, keys.getPrivate(), name, keys, List.of(), List.of(), Duration.ofDays(3650));
      return new Authority(certificate, keys.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Making a throw-away authority", e);
    }
  }

  /// @param subject as `O=os:admin`
  /// @param life from now; negative: it is over already
  Issued issue(String subject, List<String> names, Use use, Duration life) {
    try {
      boolean edwards = key.getAlgorithm().startsWith("Ed");
      KeyPair own = keys(edwards ? "Ed25519" : "EC");
      List<GeneralName> sans = new ArrayList<>();
      for (String name : names) {
        sans.add(
            new GeneralName(
                name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, name));
      }
      KeyPurposeId purpose =
          use == Use.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth;
      X509Certificate issued =
          sign(
              new org.bouncycastle.cert.jcajce.JcaX509CertificateHolder(certificate).getSubject(),
              key,
              new X500Name(subject),
              own,
              sans,
              List.of(purpose),
              life);
      return new Issued(issued, own.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Issuing the certificate of " + subject, e);
    }
  }

  String pem() {
    return pem("CERTIFICATE", encoded(certificate));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A certificate that was just made", e);
    }
  }

  private static String pem(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new IllegalStateException("Writing PEM into memory", e);
    }
    return text.toString();
  }

  private static KeyPair keys(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    }
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      X500Name issuer,
      PrivateKey issuerKey,
      X500Name subject,
      KeyPair keys,
      List<GeneralName> names,
      List<KeyPurposeId> purposes,
      Duration life)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    Instant from = now.minus(Duration.ofDays(life.isNegative() ? 2 : 0)).minusSeconds(60);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(120, RANDOM),
            Date.from(from),
            Date.from(now.plus(life)),
            subject,
            keys.getPublic());
    try {
      boolean authority = purposes.isEmpty();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              authority
                  ? KeyUsage.keyCertSign | KeyUsage.digitalSignature
                  : KeyUsage.digitalSignature));
      if (!authority) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
      }
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      String algorithm =
          switch (issuerKey.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
          };
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey)));
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("Signing the certificate of " + subject, e);
    }
  }
}
