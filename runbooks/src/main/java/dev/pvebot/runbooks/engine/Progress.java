package dev.pvebot.runbooks.engine;

import dev.pvebot.runbooks.operation.Event;

/// Is told what happens, after it was journaled. Called on the operation's own threads: hand over
/// and return.
///
/// What is told may be told again after a restart, with the same number;
/// [dev.pvebot.runbooks.engine.journal.ThreadLog] helps to say each thing once.
public interface Progress {
  void happened(Event event);
}
