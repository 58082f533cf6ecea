package dev.pvebot.integrations.talos.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.talos.pki.Authority;
import dev.pvebot.integrations.talos.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/// Everything secret that a Talos cluster is made of, as `talosctl gen secrets` writes it
/// (pkg/machinery/config/generate/secrets). The same bundle gives the same cluster: who has it is
/// the cluster's administrator.
///
/// @param clusterId of discovery
/// @param clusterSecret of discovery
/// @param bootstrapToken by which nodes join Kubernetes
/// @param secretboxKey encrypts Kubernetes' secrets in etcd
/// @param machineToken by which nodes join Talos
/// @param serviceAccountKey PEM
/// @param os authority of the machine API
public record SecretsBundle(
    String clusterId,
    Secret clusterSecret,
    Secret bootstrapToken,
    Secret secretboxKey,
    Secret machineToken,
    Authority etcd,
    Authority kubernetes,
    Authority aggregator,
    Secret serviceAccountKey,
    Authority os) {
  private static final String TOKEN_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int SERVICE_ACCOUNT_BITS = 4096;

  /// New secrets.
  public static SecretsBundle generate(Instant now, SecureRandom random) {
    return new SecretsBundle(
        Base64.getUrlEncoder().encodeToString(bytes(random)),
        new Secret(Base64.getEncoder().encodeToString(bytes(random))),
        token(random),
        new Secret(Base64.getEncoder().encodeToString(bytes(random))),
        token(random),
        Authority.make("etcd", Authority.KeyKind.ECDSA_P256, now, random),
        Authority.make("kubernetes", Authority.KeyKind.ECDSA_P256, now, random),
        // Talos leaves this Subject empty; a named one serves as well (kubeadm's is named too)
        Authority.make("front-proxy-ca", Authority.KeyKind.ECDSA_P256, now, random),
        serviceAccountKey(random),
        Authority.make("talos", Authority.KeyKind.ED25519, now, random));
  }

  /// Reads what [#write] or `talosctl gen secrets` wrote.
  ///
  /// @throws IllegalArgumentException when something is missing; names the key, never a value
  public static SecretsBundle read(Secret yaml) {
    JsonNode root;
    try {
      root = Yaml.MAPPER.readTree(yaml.reveal());
    } catch (JsonProcessingException damaged) {
      throw new IllegalArgumentException("the secrets bundle is no YAML");
    }
    return new SecretsBundle(
        text(root, "cluster", "id"),
        new Secret(text(root, "cluster", "secret")),
        new Secret(text(root, "secrets", "bootstraptoken")),
        new Secret(text(root, "secrets", "secretboxencryptionsecret")),
        new Secret(text(root, "trustdinfo", "token")),
        authority(root, "etcd"),
        authority(root, "k8s"),
        authority(root, "k8saggregator"),
        new Secret(decoded(root, "certs", "k8sserviceaccount", "key")),
        authority(root, "os"));
  }

  /// As `talosctl gen config --with-secrets` reads it.
  public Secret write() {
    ObjectNode root = Yaml.MAPPER.createObjectNode();
    root.putObject("cluster").put("id", clusterId).put("secret", clusterSecret.reveal());
    root.putObject("secrets")
        .put("bootstraptoken", bootstrapToken.reveal())
        .put("secretboxencryptionsecret", secretboxKey.reveal());
    root.putObject("trustdinfo").put("token", machineToken.reveal());
    ObjectNode certs = root.putObject("certs");
    put(certs.putObject("etcd"), etcd);
    put(certs.putObject("k8s"), kubernetes);
    put(certs.putObject("k8saggregator"), aggregator);
    certs.putObject("k8sserviceaccount").put("key", Yaml.base64(serviceAccountKey.reveal()));
    put(certs.putObject("os"), os);
    return new Secret(Yaml.write(root));
  }

  private static void put(ObjectNode to, Authority authority) {
    to.put("crt", Yaml.base64(authority.certificate()))
        .put("key", Yaml.base64(authority.key().reveal()));
  }

  private static Authority authority(JsonNode root, String name) {
    return new Authority(
        decoded(root, "certs", name, "crt"), new Secret(decoded(root, "certs", name, "key")));
  }

  private static String decoded(JsonNode root, String... path) {
    try {
      return new String(Base64.getDecoder().decode(text(root, path)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException damaged) {
      throw new IllegalArgumentException(
          "%s of the secrets bundle is missing or no base64".formatted(String.join(".", path)));
    }
  }

  private static String text(JsonNode root, String... path) {
    JsonNode at = root;
    for (String key : path) {
      at = at.path(key);
    }
    if (!at.isTextual() || at.textValue().isEmpty()) {
      throw new IllegalArgumentException(
          "the secrets bundle has no %s; make it with `talos secrets` or `talosctl gen secrets`"
              .formatted(String.join(".", path)));
    }
    return at.textValue();
  }

  private static Secret serviceAccountKey(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(SERVICE_ACCOUNT_BITS, random);
      return Pem.of(generator.generateKeyPair().getPrivate());
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this JDK has no RSA", missing);
    }
  }

  /// As kubeadm's: six letters, a dot, sixteen letters.
  private static Secret token(SecureRandom random) {
    StringBuilder token = new StringBuilder();
    for (int i = 0; i < 22; i++) {
      token.append(i == 6 ? "." : "").append(TOKEN_LETTERS.charAt(random.nextInt(36)));
    }
    return new Secret(token.toString());
  }

  private static byte[] bytes(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return bytes;
  }
}
