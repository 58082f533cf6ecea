package dev.pvebot.integrations.talos.pki;

import dev.pvebot.clusters.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// PEM as Go's crypto and Talos write it (siderolabs/crypto, x509/key.go): `EC PRIVATE KEY` is SEC
/// 1, `RSA PRIVATE KEY` is PKCS#1, and `ED25519 PRIVATE KEY` is Talos' own name for PKCS#8.
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");

  private Pem() {}

  /// @throws GeneralSecurityException when it is no certificate
  public static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  /// @throws GeneralSecurityException when it is no private key that Talos writes; does not repeat
  ///   it
  public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new GeneralSecurityException("this is no PEM block");
    }
    String type = block.group(1);
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    try {
      PrivateKeyInfo info =
          switch (type) {
            case "ED25519 PRIVATE KEY", "PRIVATE KEY" -> PrivateKeyInfo.getInstance(der);
            case "EC PRIVATE KEY" -> {
              ECPrivateKey key = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(der));
              yield new PrivateKeyInfo(
                  new AlgorithmIdentifier(
                      X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                  key);
            }
            case "RSA PRIVATE KEY" ->
                new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                    RSAPrivateKey.getInstance(der));
            default -> throw new GeneralSecurityException("this is a %s".formatted(type));
          };
      String algorithm =
          info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
              ? "EC"
              : info.getPrivateKeyAlgorithm()
                      .getAlgorithm()
                      .equals(PKCSObjectIdentifiers.rsaEncryption)
                  ? "RSA"
                  : "Ed25519";
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (IOException | IllegalArgumentException damaged) {
      throw new GeneralSecurityException("the %s is damaged".formatted(type));
    }
  }

  static String of(X509Certificate certificate) throws GeneralSecurityException {
    return write("CERTIFICATE", certificate.getEncoded());
  }

  /// The private key under the name that Talos expects for its kind.
  public static Secret of(PrivateKey key) {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    try {
      return new Secret(
          switch (key.getAlgorithm()) {
            case "EC" -> write("EC PRIVATE KEY", sec1(info));
            case "RSA" ->
                write("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
            default -> write("ED25519 PRIVATE KEY", key.getEncoded());
          });
    } catch (IOException damaged) {
      throw new IllegalStateException("a key that was just made cannot be written", damaged);
    }
  }

  /// With the curve's name inside: in PKCS#8 it stands outside, and the JDK leaves it out inside.
  private static byte[] sec1(PrivateKeyInfo info) throws IOException {
    ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
    return new ECPrivateKey(256, bare.getKey(), info.getPrivateKeyAlgorithm().getParameters())
        .getEncoded();
  }

  private static String write(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    return text.toString().replace("\r\n", "\n");
  }
}
