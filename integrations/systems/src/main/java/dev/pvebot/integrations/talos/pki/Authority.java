package dev.pvebot.integrations.talos.pki;

import dev.pvebot.clusters.secret.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// One of a cluster's certificate authorities, made as Talos makes it (siderolabs/crypto,
/// x509/x509.go; pkg/machinery/config/generate/secrets).
///
/// @param certificate PEM
/// @param key PEM of its private key
public record Authority(String certificate, Secret key) {
  private static final Duration LIFE = Duration.ofHours(87_600);
  private static final int KEY_ID_BYTES = 20;

  /// The kind of its key.
  public enum KeyKind {
    ED25519,
    ECDSA_P256
  }

  /// A key and a certificate for it.
  public record Issued(String certificate, Secret key) {}

  /// @param organization the Subject's O
  public static Authority make(
      String organization, KeyKind kind, Instant now, SecureRandom random) {
    KeyPair pair = keyPair(kind, random);
    X500Name subject = name(null, List.of(organization));
    byte[] keyId = bytes(random, KEY_ID_BYTES);
    X509v3CertificateBuilder builder = builder(subject, subject, pair, now, now.plus(LIFE), random);
    try {
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId));
      return new Authority(sign(builder, pair.getPrivate()), Pem.of(pair.getPrivate()));
    } catch (IOException impossible) {
      throw new IllegalStateException("a certificate cannot be encoded", impossible);
    }
  }

  /// A client certificate with a new key of the authority's own kind.
  ///
  /// @param commonName empty for none: Talos' admins have only roles
  /// @param organizations roles (`os:admin`) or groups (`system:masters`)
  /// @throws IllegalStateException when this authority's key cannot be read
  public Issued client(
      String commonName,
      List<String> organizations,
      Duration life,
      Instant now,
      SecureRandom random) {
    try {
      X509Certificate issuer = Pem.certificate(certificate);
      PrivateKey signing = Pem.privateKey(key.reveal());
      KeyPair pair =
          keyPair(
              signing.getAlgorithm().equals("EC") ? KeyKind.ECDSA_P256 : KeyKind.ED25519, random);
      X509v3CertificateBuilder builder =
          builder(
              X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
              name(commonName.isEmpty() ? null : commonName, organizations),
              pair,
              now,
              now.plus(life),
              random);
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      byte[] issuerId = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
      if (issuerId != null) {
        SubjectKeyIdentifier id =
            SubjectKeyIdentifier.getInstance(DEROctetString.getInstance(issuerId).getOctets());
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new AuthorityKeyIdentifier(id.getKeyIdentifier()));
      }
      return new Issued(sign(builder, signing), Pem.of(pair.getPrivate()));
    } catch (GeneralSecurityException | IOException unusable) {
      throw new IllegalStateException(
          "the authority's certificate or key cannot be used: " + unusable.getMessage());
    }
  }

  private static KeyPair keyPair(KeyKind kind, SecureRandom random) {
    try {
      return switch (kind) {
        case ED25519 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
          generator.initialize(255, random);
          yield generator.generateKeyPair();
        }
        case ECDSA_P256 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec("secp256r1"), random);
          yield generator.generateKeyPair();
        }
      };
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this JDK has no " + kind, missing);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      KeyPair pair,
      Instant from,
      Instant until,
      SecureRandom random) {
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(1, bytes(random, 16)),
        Date.from(from),
        Date.from(until),
        subject,
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
  }

  private static String sign(X509v3CertificateBuilder builder, PrivateKey key) {
    try {
      String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519";
      return Pem.of(
          new JcaX509CertificateConverter()
              .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key))));
    } catch (OperatorCreationException | GeneralSecurityException unusable) {
      throw new IllegalStateException("a certificate cannot be signed", unusable);
    }
  }

  /// O before CN, as Go writes a Subject.
  private static X500Name name(
      @org.jspecify.annotations.Nullable String commonName, List<String> organizations) {
    var builder = new org.bouncycastle.asn1.x500.X500NameBuilder(BCStyle.INSTANCE);
    organizations.forEach(organization -> builder.addRDN(BCStyle.O, organization));
    if (commonName != null) {
      builder.addRDN(BCStyle.CN, commonName);
    }
    return builder.build();
  }

  private static byte[] bytes(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
