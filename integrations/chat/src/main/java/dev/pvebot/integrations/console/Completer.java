package dev.pvebot.integrations.console;

import java.util.List;

/// Knows how a line may go on. Called while a person waits on the Tab key: it answers from what is
/// known already.
@FunctionalInterface
public interface Completer {
  /// Says how the last word of a line may end, or what word may follow.
  ///
  /// @param prefix the line up to the cursor
  /// @return candidates for its last word, which is empty after a blank; best first
  List<Candidate> candidates(String prefix);

  /// A word that fits.
  ///
  /// @param word the whole word that would stand there
  /// @param about a few words on it, or empty
  record Candidate(String word, String about) {}
}
