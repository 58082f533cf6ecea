package dev.pvebot.integrations.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest extends SqlStoreContract {
  @TempDir Path folder;

  @Override
  StoreConfig config() {
    return StoreConfig.sqlite(folder.resolve("pvebot.db"));
  }

  @Override
  Store.Role other() {
    return Store.Role.BESIDE;
  }

  @Test
  void audit_rowsAreNotChangedByAccident_andATamperedOneIsFound() {
    audit.append(AuditLog.Note.of("alice", "operation.start", 1), T0);
    audit.append(AuditLog.Note.of("alice", "operation.end", 1), T0);

    assertThatThrownBy(() -> run("update audit set who = 'bob' where seq = 1"))
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContaining("rows of the audit are never changed");
    run("drop trigger audit_is_never_changed");
    run("update audit set who = 'bob' where seq = 1");

    assertThat(audit.verify(Optional.empty()))
        .isEqualTo(new AuditLog.Verdict.Broken(1, "row 1 was changed"));
  }

  @Test
  void audit_whoseEndWasCutOff_isFoundByAnOlderHead() {
    audit.append(AuditLog.Note.of("alice", "operation.start", 1), T0);
    audit.append(AuditLog.Note.of("alice", "operation.end", 1), T0);
    String head = audit.head();
    run("drop trigger audit_is_never_cut");
    run("delete from audit where seq = 2");

    assertThat(audit.verify(Optional.empty())).isInstanceOf(AuditLog.Verdict.Intact.class);
    assertThat(audit.verify(Optional.of(head))).isInstanceOf(AuditLog.Verdict.Broken.class);
    run("delete from audit where seq = 1");
    assertThat(audit.head()).isEqualTo("0".repeat(64));
  }

  private void run(String sql) {
    database().write(handle -> handle.execute(sql));
  }
}
