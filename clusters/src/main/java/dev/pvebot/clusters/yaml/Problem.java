package dev.pvebot.clusters.yaml;

/// One thing that is wrong in what a person wrote, with what to do about it.
///
/// @param at where it was found
/// @param key the full key, for example `nodes.controlplane.assignments[0].mac`; empty when no key
///   is concerned
/// @param found what was found, as the end of "found …", for example `'many'` or `a list`
/// @param expected what is allowed, as the end of "expected …"
/// @param advice what to do next, one or more whole sentences; empty when `expected` says it all
public record Problem(Position at, String key, String found, String expected, String advice) {
  private static final int LONGEST_KEY = 200;

  public Problem {
    // a key can be as long as the file that is refused
    key = key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "…";
  }

  /// `FILE:LINE:COLUMN: KEY: found …; expected …. Advice.`
  public String sentence() {
    StringBuilder text = new StringBuilder().append(at).append(": ");
    if (!key.isEmpty()) {
      text.append(key).append(": ");
    }
    text.append("found ").append(found).append("; expected ").append(expected).append('.');
    if (!advice.isEmpty()) {
      text.append(' ').append(advice);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return sentence();
  }
}
