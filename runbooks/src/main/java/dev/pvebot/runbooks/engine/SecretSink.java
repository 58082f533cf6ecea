package dev.pvebot.runbooks.engine;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;

/// Takes the secrets that steps bring forth (a kubeconfig, a token); the journal keeps only where
/// they went.
public interface SecretSink {
  /// Keeps a secret. Putting the same name again replaces it.
  ///
  /// @param operation the operation that brought it forth
  /// @param name what it is, for example `kubeconfig`; letters, digits, `.`, `_`, `-`, `/`, `[`,
  ///   `]`
  SecretRef put(long operation, String name, Secret secret);
}
