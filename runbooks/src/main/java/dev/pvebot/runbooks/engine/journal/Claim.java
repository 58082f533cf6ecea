package dev.pvebot.runbooks.engine.journal;

/// The right to write for one operation: good until somebody picks the operation up again, which
/// raises its epoch.
public record Claim(long operation, long epoch) {}
