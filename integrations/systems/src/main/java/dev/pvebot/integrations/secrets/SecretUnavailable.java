package dev.pvebot.integrations.secrets;

import dev.pvebot.clusters.secret.SecretRef;

/// A secret could not be had. Names the reference, never the value or anything that its source
/// printed about it.
public final class SecretUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient SecretRef reference;
  private final String what;
  private final String now;

  SecretUnavailable(SecretRef reference, String what, String now) {
    super("%s: %s; %s".formatted(reference, what, now));
    this.reference = reference;
    this.what = what;
    this.now = now;
  }

  public SecretRef reference() {
    return reference;
  }

  /// What happened.
  public String what() {
    return what;
  }

  /// What to do next.
  public String now() {
    return now;
  }
}
