package dev.pvebot.integrations.secrets;

import dev.pvebot.clusters.secret.SecretRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One entry of `pass`. The entry's name is an argument of the process, the value only ever comes
/// through its pipe.
final class PassEntry {
  private static final Executor READERS =
      task -> Thread.ofVirtual().name("pass-reader").start(task);
  private static final int MAX_BYTES = 256 * 1024;

  private final SecretRef.Pass reference;
  private final Map<String, String> environment;
  private final Duration patience;
  private final String program;

  /// @param program found on the PATH that the bot itself was started with, or a path
  PassEntry(
      SecretRef.Pass reference,
      Map<String, String> environment,
      Duration patience,
      String program) {
    this.reference = reference;
    this.environment = environment;
    this.patience = patience;
    this.program = program;
  }

  String read() throws InterruptedException {
    Process process = start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> out = drain(process.getInputStream());
      CompletableFuture<String> complaint = drain(process.getErrorStream());
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw unavailable(
            "pass did not answer within %d s; it may be waiting for a passphrase"
                .formatted(patience.toSeconds()),
            "unlock the key for the bot's user (gpg-agent with a long cache, or a key without a"
                + " passphrase)");
      }
      if (process.exitValue() != 0) {
        throw explain(process.exitValue(), within(complaint));
      }
      return within(out);
    } catch (IOException | TimeoutException | ExecutionException broken) {
      throw unavailable(
          "pass ended without a readable answer (%s)".formatted(broken.getClass().getSimpleName()),
          "run `pass show %s` as the bot's user and see what it says".formatted(reference.entry()));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() {
    ProcessBuilder builder = new ProcessBuilder(List.of(program, "show", "--", reference.entry()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C"); // its complaints are matched below
    try {
      return builder.start();
    } catch (IOException _) {
      throw unavailable(
          "the program pass cannot be started",
          "install pass and gnupg, and see that PATH of the bot has them");
    }
  }

  private static CompletableFuture<String> drain(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
          } catch (IOException closed) {
            return "";
          }
        },
        READERS);
  }

  /// A gpg-agent that was started on the way may hold the pipes open after `pass` has ended.
  private static String within(CompletableFuture<String> text)
      throws InterruptedException, ExecutionException, TimeoutException {
    return text.get(5, TimeUnit.SECONDS);
  }

  /// What `pass` prints to standard error is matched and never repeated.
  private SecretUnavailable explain(int exit, String complaint) {
    String said = complaint.toLowerCase(Locale.ROOT);
    if (said.contains("is not in the password store")) {
      return unavailable(
          "the password store has no such entry",
          "pass insert --multiline %s".formatted(reference.entry()));
    }
    if (said.contains("try \"pass init\"") || said.contains("you must run")) {
      return unavailable(
          "there is no password store for the bot's user",
          "pass init KEY as that user, or set PASSWORD_STORE_DIR");
    }
    if (said.contains("no secret key") || said.contains("decryption failed")) {
      return unavailable(
          "gpg has no key that opens it",
          "import the key for the bot's user, or pass init the entry's folder for the bot's key");
    }
    if (said.contains("agent") || said.contains("pinentry") || said.contains("ioctl")) {
      return unavailable(
          "gpg's agent is not there or cannot ask for the passphrase",
          "start gpg-agent for the bot's user and unlock the key once (gpg --decrypt), or use a key"
              + " without a passphrase");
    }
    return unavailable(
        "pass ended with exit code %d".formatted(exit),
        "run `pass show %s` as the bot's user and see what it says".formatted(reference.entry()));
  }

  private SecretUnavailable unavailable(String what, String now) {
    return new SecretUnavailable(reference, what, now);
  }
}
