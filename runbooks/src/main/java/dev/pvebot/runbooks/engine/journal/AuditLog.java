package dev.pvebot.runbooks.engine.journal;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The append-only record of who did what. Each row carries the SHA-256 over its canonical JSON and
/// the hash before it; the newest hash is the head ([AuditChain] knows how). Who has seen a head
/// can prove later that nothing before it was changed or cut.
public interface AuditLog {

  /// What is to be recorded; no secrets.
  ///
  /// @param who a person's id, or `pvebot`
  /// @param what the act, for example `operation.start`, `approval.give`, `lock.steal`
  /// @param facts more about it, in the order of their keys
  record Note(String who, String what, Optional<Long> operation, Map<String, String> facts) {
    public Note {
      facts = java.util.Collections.unmodifiableMap(new TreeMap<>(facts));
    }

    public static Note of(String who, String what, long operation) {
      return new Note(who, what, Optional.of(operation), Map.of());
    }

    public Note with(String fact, String value) {
      TreeMap<String, String> more = new TreeMap<>(facts);
      more.put(fact, value);
      return new Note(who, what, operation, more);
    }
  }

  /// @param seq counts from 1
  /// @param previous hash of the row before, 64 zeros for the first
  /// @param hash SHA-256, hex
  record Entry(long seq, Instant at, Note note, String previous, String hash) {}

  Entry append(Note note, Instant at);

  /// Hash of the newest row; 64 zeros when there is none.
  String head();

  /// Reads the whole chain.
  ///
  /// @param expectedHead a head that somebody has noted; it must be the hash of some row (or a
  ///   prefix of it with at least 12 characters)
  Verdict verify(Optional<String> expectedHead);

  sealed interface Verdict {
    record Intact(long rows, String head) implements Verdict {}

    /// @param row the first row that does not fit; 0 when it is the expected head that is missing
    /// @param why what is wrong, for people
    record Broken(long row, String why) implements Verdict {}
  }

  /// Hands over every row, oldest first.
  void export(Consumer<Entry> to);

  /// The newest rows, newest first.
  java.util.List<Entry> newest(int limit);
}
