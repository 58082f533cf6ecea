/// The ports to what survives a death: operations and their steps, locks, VMID reservations,
/// approvals, the audit, and what was told where. Start reading at
/// [dev.pvebot.runbooks.engine.journal.Journal].
///
/// Every method that writes has committed when it returns. Every method may throw
/// [JournalUnavailable]; then nothing was written, or it cannot be told, and the answer to whatever
/// was asked is no.
@NullMarked
package dev.pvebot.runbooks.engine.journal;

import org.jspecify.annotations.NullMarked;
