package dev.pvebot.integrations.store;

import dev.pvebot.runbooks.engine.journal.AuditChain;
import dev.pvebot.runbooks.engine.journal.AuditLog;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The audit. Triggers of the database keep its rows from being changed by accident; the chain
/// shows it when they were changed on purpose.
final class SqlAudit implements AuditLog {
  private static final int PAGE = 500;

  private final Database database;

  SqlAudit(Database database) {
    this.database = database;
  }

  @Override
  public Entry append(Note note, Instant at) {
    return database.write(handle -> Rows.audit(handle, note, at));
  }

  @Override
  public String head() {
    List<Entry> newest = newest(1);
    return newest.isEmpty() ? AuditChain.START : newest.getFirst().hash();
  }

  @Override
  public Verdict verify(Optional<String> expectedHead) {
    AuditChain.Verifier verifier = new AuditChain.Verifier(expectedHead);
    export(verifier::accept);
    return verifier.verdict();
  }

  @Override
  public void export(Consumer<Entry> to) {
    long seq = Long.MIN_VALUE;
    List<Entry> page;
    do {
      long after = seq;
      page =
          database.read(handle ->
              handle
                  .createQuery("select * from audit where seq > :after order by seq limit :page")
                  .bind("after", after)
                  .bind("page", PAGE)
                  .map((row, _) -> Rows.auditEntry(row))
                  .list());
      page.forEach(to);
      seq = page.isEmpty() ? seq : page.getLast().seq();
    } while (page.size() == PAGE);
  }

  @Override
  public List<Entry> newest(int limit) {
    return database.read(handle ->
        handle
            .createQuery("select * from audit order by seq desc limit :limit")
            .bind("limit", limit)
            .map((row, _) -> Rows.auditEntry(row))
            .list());
  }
}
