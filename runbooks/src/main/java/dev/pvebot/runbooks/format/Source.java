package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Position;

/// A text of a runbook with its place, so that a fault in it can be shown where it is.
///
/// @param text as the engine sees it, quotes resolved
/// @param at where its first character stands
/// @param exact whether the text stands on one line just as it is, so that an offset in it is a
///   column
public record Source(String text, Position at, boolean exact) {
  /// The place of a character of this text; the beginning when that cannot be told.
  public Position at(int offset) {
    return exact ? new Position(at.file(), at.line(), at.column() + offset) : at;
  }
}
