package dev.pvebot.clusters.secret;

import java.util.regex.Pattern;

/// Where a secret lives; safe to print, to journal and to keep in version control.
public sealed interface SecretRef {
  /// An entry of the standard Unix password manager, `pass:annarchy.net/pve/api-token`.
  record Pass(String entry) implements SecretRef {
    private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_.@+][A-Za-z0-9_.@+/ -]*");

    public Pass {
      if (!FORMAT.matcher(entry).matches() || entry.contains("..")) {
        throw new IllegalArgumentException("'%s' is no name of a pass entry".formatted(entry));
      }
    }

    @Override
    public String toString() {
      return "pass:" + entry;
    }
  }

  /// A variable of the bot's own environment, `env:SLACK_BOT_TOKEN`.
  record Env(String variable) implements SecretRef {
    public Env {
      if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new IllegalArgumentException(
            "'%s' is no name of an environment variable".formatted(variable));
      }
    }

    @Override
    public String toString() {
      return "env:" + variable;
    }
  }

  /// A file, `file:/run/secrets/x`; a relative path counts from the folder of the configuration
  /// that names it.
  record File(String path) implements SecretRef {
    public File {
      if (path.isBlank()) {
        throw new IllegalArgumentException(
            "a file reference needs a path, for example file:/run/secrets/pve-token");
      }
    }

    @Override
    public String toString() {
      return "file:" + path;
    }
  }

  /// Reads `pass:…`, `env:…` or `file:…`.
  ///
  /// @throws IllegalArgumentException for anything else; the message does not repeat the text,
  ///   which may be a secret that somebody pasted in place of its reference
  static SecretRef parse(String text) {
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    return switch (scheme) {
      case "pass" -> new Pass(rest);
      case "env" -> new Env(rest);
      case "file" -> new File(rest);
      default ->
          throw new IllegalArgumentException(
              "a secret is named by reference: pass:ENTRY, env:VARIABLE or file:PATH (the text"
                  + " found is not shown)");
    };
  }
}
