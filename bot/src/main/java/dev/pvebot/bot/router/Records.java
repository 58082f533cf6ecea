package dev.pvebot.bot.router;

import dev.pvebot.runbooks.engine.journal.AuditLog;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Locks;
import dev.pvebot.runbooks.engine.journal.ThreadLog;

/// What is kept of operations.
public record Records(Journal journal, Locks locks, ThreadLog threads, AuditLog audit) {}
