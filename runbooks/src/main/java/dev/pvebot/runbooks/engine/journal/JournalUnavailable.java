package dev.pvebot.runbooks.engine.journal;

/// The store could not be asked or refused to write. When this is thrown the answer to whatever was
/// asked is no.
public final class JournalUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public enum Kind {
    /// The disk or the quota is full.
    FULL,
    /// The file or its file system cannot be written.
    READ_ONLY,
    /// Another process holds the store; for SQLite, another `serve` owns the file.
    IN_USE,
    /// The file is damaged or no database of ours.
    CORRUPT,
    /// A newer pvebot has written this store.
    NEWER_SCHEMA,
    /// No connection, or it broke.
    UNREACHABLE,
    /// Anything else; the cause tells.
    OTHER
  }

  private final Kind kind;

  /// @param message what happened, what was expected, what to do next
  public JournalUnavailable(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public JournalUnavailable(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
