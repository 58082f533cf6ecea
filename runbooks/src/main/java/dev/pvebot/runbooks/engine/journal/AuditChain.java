package dev.pvebot.runbooks.engine.journal;

import dev.pvebot.clusters.Sha256;
import dev.pvebot.runbooks.engine.journal.AuditLog.Entry;
import dev.pvebot.runbooks.engine.journal.AuditLog.Note;
import dev.pvebot.runbooks.engine.journal.AuditLog.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;

/// How the rows of the audit hang together.
public final class AuditChain {
  /// What comes before the first row.
  public static final String START = "0".repeat(64);

  private AuditChain() {}

  /// The row that comes after `seq` with the head `previous`. Times are kept to the millisecond.
  public static Entry next(long seq, String previous, Note note, Instant at) {
    return sealed(seq + 1, at.truncatedTo(ChronoUnit.MILLIS), note, previous);
  }

  private static Entry sealed(long seq, Instant at, Note note, String previous) {
    return new Entry(
        seq, at, note, previous, Sha256.hex(JournalJson.write(row(seq, at, note, previous))));
  }

  /// One line of JSON: the row as it is hashed (keys sorted, no blanks, UTF-8), and its hash.
  public static String line(Entry entry) {
    TreeMap<String, Object> row = row(entry.seq(), entry.at(), entry.note(), entry.previous());
    row.put("hash", entry.hash());
    return JournalJson.write(row);
  }

  private static TreeMap<String, Object> row(long seq, Instant at, Note note, String previous) {
    TreeMap<String, Object> row = new TreeMap<>();
    row.put("at", at.toString());
    row.put("facts", note.facts());
    note.operation().ifPresent(operation -> row.put("operation", operation));
    row.put("previous", previous);
    row.put("seq", seq);
    row.put("what", note.what());
    row.put("who", note.who());
    return row;
  }

  /// Reads a chain row by row.
  public static final class Verifier {
    private final Optional<String> expectedHead;
    private boolean seen;
    private long rows;
    private String head = START;
    private Optional<Verdict.Broken> broken = Optional.empty();

    /// @param expectedHead as in [AuditLog#verify]
    public Verifier(Optional<String> expectedHead) {
      this.expectedHead = expectedHead;
      this.seen = expectedHead.isEmpty() || START.equals(expectedHead.get());
    }

    public void accept(Entry entry) {
      if (broken.isPresent()) {
        return;
      }
      long expected = rows + 1;
      if (entry.seq() != expected) {
        broken =
            Optional.of(
                new Verdict.Broken(
                    expected,
                    "row %d is missing; row %d comes next".formatted(expected, entry.seq())));
      } else if (!entry.previous().equals(head)) {
        broken =
            Optional.of(
                new Verdict.Broken(
                    expected, "row %d does not follow the row before".formatted(expected)));
      } else if (!sealed(entry.seq(), entry.at(), entry.note(), entry.previous())
          .hash()
          .equals(entry.hash())) {
        broken =
            Optional.of(new Verdict.Broken(expected, "row %d was changed".formatted(expected)));
      } else {
        rows = expected;
        head = entry.hash();
        seen |=
            expectedHead.filter(noted -> noted.length() >= 12).filter(head::startsWith).isPresent();
      }
    }

    public Verdict verdict() {
      if (broken.isPresent()) {
        return broken.get();
      }
      return seen
          ? new Verdict.Intact(rows, head)
          : new Verdict.Broken(
              0,
              "no row has the head %s that was noted: rows were cut off or the whole chain was rewritten"
                  .formatted(expectedHead.orElse("")));
    }
  }
}
