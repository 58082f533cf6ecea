package dev.pvebot.bot;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.integrations.secrets.Redactor;
import dev.pvebot.runbooks.engine.SecretSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Keeps the secrets that operations bring forth in files that only the bot's own user can read.
final class SecretFiles implements SecretSink {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final Redactor redactor;

  /// @param redactor learns every secret that is kept
  SecretFiles(Path folder, Redactor redactor) {
    this.folder = folder;
    this.redactor = redactor;
  }

  @Override
  public SecretRef put(long operation, String name, Secret secret) {
    if (!name.matches("[A-Za-z0-9._\\-/\\[\\]]+") || name.contains("..")) {
      throw new IllegalArgumentException("'%s' cannot name a secret".formatted(name));
    }
    redactor.learn(secret);
    Path file =
        folder.resolve("op-%d".formatted(operation)).resolve(name.replaceAll("[/\\[\\]]", "_"));
    try {
      Files.createDirectories(file.resolveSibling("."), OWNER_FOLDER);
      Path fresh = Files.createTempFile(file.resolveSibling("."), "fresh", "", OWNER_ONLY);
      Files.writeString(fresh, secret.reveal());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "keeping the secret %s of operation %d in %s".formatted(name, operation, file), failure);
    }
    return new SecretRef.File(file.toString());
  }
}
