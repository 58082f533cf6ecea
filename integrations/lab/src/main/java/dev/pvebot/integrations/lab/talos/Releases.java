package dev.pvebot.integrations.lab.talos;

import java.util.Optional;

/// Which release may be written over which: the window that Talos' installer enforces
/// (pkg/machinery/compatibility, 1.9 to 1.14).
final class Releases {
  private Releases() {}

  /// The installer's text, if it refuses.
  static Optional<String> refusal(TalosImage host, TalosImage target) {
    int from = host.minor();
    int to = target.minor();
    int oldest = to <= 9 ? to - 1 : to - 2;
    if (from < oldest) {
      return Optional.of(
          "host version %s is too old to upgrade to Talos %s"
              .formatted(host.version().substring(1), target.version().substring(1)));
    }
    if (from >= to + 2) {
      return Optional.of(
          "host version %s is too new to downgrade to Talos %s"
              .formatted(host.version().substring(1), target.version().substring(1)));
    }
    return Optional.empty();
  }
}
