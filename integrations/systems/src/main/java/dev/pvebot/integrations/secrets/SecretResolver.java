package dev.pvebot.integrations.secrets;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Reads the secrets that configuration names by reference. Every value that it hands out is known
/// to its [Redactor] first. Nothing is cached: a secret that was changed at its source is read
/// anew. Thread-safe.
public final class SecretResolver {
  /// More than any key or kubeconfig has; guards against a reference to the wrong file.
  private static final long MAX_BYTES = 256 * 1024;

  /// Shorter values cannot be told from ordinary text when they are looked for in a log.
  static final int SHORTEST = 4;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path folder;
  private final Map<String, String> environment;
  private final Duration patience;
  private final Redactor redactor;

  /// @param folder of the configuration; relative `file:` references count from it
  /// @param environment the variables that `env:` reads, and the environment of `pass`
  /// @param patience how long `pass` may take: an agent that asks for a passphrase on no terminal
  ///   would hang
  public SecretResolver(
      Path folder, Map<String, String> environment, Duration patience, Redactor redactor) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.patience = patience;
    this.redactor = redactor;
  }

  /// The secret, without the line break at its end.
  ///
  /// @throws SecretUnavailable when it is missing, empty, unreadable or readable by others
  public Secret resolve(SecretRef reference) throws InterruptedException {
    String value =
        switch (reference) {
          case SecretRef.Pass pass -> new PassEntry(pass, environment, patience, "pass").read();
          case SecretRef.Env env -> fromEnvironment(env);
          case SecretRef.File file -> fromFile(file);
        };
    String trimmed = value.stripTrailing();
    if (trimmed.length() < SHORTEST) {
      throw new SecretUnavailable(
          reference,
          trimmed.isEmpty() ? "is empty" : "is shorter than %d characters".formatted(SHORTEST),
          "store the secret there; so short a value could not be kept out of logs either");
    }
    Secret secret = new Secret(trimmed);
    redactor.learn(secret);
    return secret;
  }

  private String fromEnvironment(SecretRef.Env reference) {
    String value = environment.get(reference.variable());
    if (value == null) {
      throw new SecretUnavailable(
          reference,
          "the variable is not set",
          "set %s before the bot starts".formatted(reference.variable()));
    }
    return value;
  }

  private String fromFile(SecretRef.File reference) {
    Path path = folder.resolve(reference.path());
    try {
      if (!Files.isRegularFile(path)) {
        throw new SecretUnavailable(
            reference,
            "%s is no file".formatted(path),
            "create it with the secret in it, chmod 600");
      }
      refuseReadableByOthers(reference, path);
      if (Files.size(path) > MAX_BYTES) {
        throw new SecretUnavailable(
            reference,
            "%s is larger than %d KiB".formatted(path, MAX_BYTES / 1024),
            "name the file that holds the secret alone");
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new SecretUnavailable(
          reference,
          "%s cannot be read as text (%s)".formatted(path, unreadable.getClass().getSimpleName()),
          "let the bot's user own it, chmod 600");
    }
  }

  private static void refuseReadableByOthers(SecretRef reference, Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return; // no POSIX file system, so no such permissions
    }
    Set<PosixFilePermission> found = view.readAttributes().permissions();
    if (found.stream().anyMatch(OTHERS::contains)) {
      throw new SecretUnavailable(
          reference,
          "%s is open to others (%s)".formatted(path, PosixFilePermissions.toString(found)),
          "chmod 600 %s".formatted(path));
    }
  }
}
