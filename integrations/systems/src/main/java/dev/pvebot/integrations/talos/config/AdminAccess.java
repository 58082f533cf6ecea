package dev.pvebot.integrations.talos.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.integrations.talos.api.ClientIdentity;
import dev.pvebot.integrations.talos.pki.Authority;
import dev.pvebot.integrations.talos.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The two files by which an administrator reaches a cluster: talosconfig and kubeconfig. Both can
/// be made of the secrets bundle alone.
public final class AdminAccess {
  /// The role that may do everything (pkg/machinery/role).
  public static final String ADMIN = "os:admin";

  private static final Duration LIFE = Duration.ofDays(365);

  private AdminAccess() {}

  /// What a talosconfig's current context says.
  ///
  /// @param endpoints hosts, without port as talosctl writes them
  /// @param until when our certificate ends
  public record TalosAccess(
      String context, List<String> endpoints, ClientIdentity identity, Instant until) {
    public TalosAccess {
      endpoints = List.copyOf(endpoints);
    }
  }

  /// An identity with the role os:admin, for a year.
  public static ClientIdentity identity(SecretsBundle secrets, Instant now, SecureRandom random) {
    Authority.Issued admin = secrets.os().client("", List.of(ADMIN), LIFE, now, random);
    return new ClientIdentity(secrets.os().certificate(), admin.certificate(), admin.key());
  }

  /// A talosconfig with one context.
  public static Secret talosconfig(
      String cluster, List<String> endpoints, List<String> nodes, ClientIdentity identity) {
    ObjectNode root = Yaml.MAPPER.createObjectNode();
    root.put("context", cluster);
    ObjectNode context = root.putObject("contexts").putObject(cluster);
    endpoints.forEach(context.putArray("endpoints")::add);
    nodes.forEach(context.putArray("nodes")::add);
    context.put("ca", Yaml.base64(identity.authority()));
    context.put("crt", Yaml.base64(identity.certificate()));
    context.put("key", Yaml.base64(identity.key().reveal()));
    return new Secret(Yaml.write(root));
  }

  /// Reads a talosconfig that [#talosconfig] or talosctl wrote.
  ///
  /// @throws IllegalArgumentException when it has no usable current context; repeats no value
  public static TalosAccess read(Secret talosconfig) {
    JsonNode root;
    try {
      root = Yaml.MAPPER.readTree(talosconfig.reveal());
    } catch (JsonProcessingException damaged) {
      throw new IllegalArgumentException("the talosconfig is no YAML");
    }
    String name = root.path("context").asText("");
    JsonNode context = root.path("contexts").path(name);
    if (context.isMissingNode()) {
      throw new IllegalArgumentException("the talosconfig has no context '%s'".formatted(name));
    }
    List<String> endpoints = new ArrayList<>();
    context.path("endpoints").forEach(endpoint -> endpoints.add(endpoint.asText()));
    ClientIdentity identity =
        new ClientIdentity(
            decoded(context, "ca"), decoded(context, "crt"), new Secret(decoded(context, "key")));
    try {
      return new TalosAccess(
          name,
          endpoints,
          identity,
          Pem.certificate(identity.certificate()).getNotAfter().toInstant());
    } catch (GeneralSecurityException unreadable) {
      throw new IllegalArgumentException("the talosconfig's crt is no certificate");
    }
  }

  /// A kubeconfig for `admin@CLUSTER`, for a year.
  public static Secret kubeconfig(
      ClusterConfig cluster, SecretsBundle secrets, Instant now, SecureRandom random) {
    Authority.Issued admin =
        secrets.kubernetes().client("admin", List.of("system:masters"), LIFE, now, random);
    String user = "admin@" + cluster.name();
    ObjectNode root = Yaml.MAPPER.createObjectNode();
    root.put("apiVersion", "v1").put("kind", "Config");
    ObjectNode entry = root.putArray("clusters").addObject();
    entry.put("name", cluster.name());
    entry
        .putObject("cluster")
        .put("server", cluster.endpointUrl())
        .put("certificate-authority-data", Yaml.base64(secrets.kubernetes().certificate()));
    ObjectNode identity = root.putArray("users").addObject();
    identity.put("name", user);
    identity
        .putObject("user")
        .put("client-certificate-data", Yaml.base64(admin.certificate()))
        .put("client-key-data", Yaml.base64(admin.key().reveal()));
    ObjectNode context = root.putArray("contexts").addObject();
    context.put("name", user);
    context.putObject("context").put("cluster", cluster.name()).put("user", user);
    root.put("current-context", user);
    return new Secret(Yaml.write(root));
  }

  private static String decoded(JsonNode context, String key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(context.path(key).asText(""));
      if (bytes.length > 0) {
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (IllegalArgumentException damaged) {
      throw new IllegalArgumentException("the talosconfig's %s is no base64".formatted(key));
    }
    throw new IllegalArgumentException("the talosconfig has no %s".formatted(key));
  }
}
