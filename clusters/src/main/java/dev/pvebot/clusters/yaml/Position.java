package dev.pvebot.clusters.yaml;

/// A place in a file.
///
/// @param file the file's name as people know it
/// @param line from 1; 0 when the whole file is meant
/// @param column from 1, in characters; 0 when the whole file is meant
public record Position(String file, int line, int column) {

  /// The file as a whole.
  public static Position file(String file) {
    return new Position(file, 0, 0);
  }

  /// `FILE:LINE:COLUMN`, or only the file when it is meant as a whole.
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
