package dev.pvebot.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The tables of the language: text files beside the classes, `#` begins a comment line.
final class Resource {
  private Resource() {}

  /// Lines that say something, with their indentation.
  static List<String> lines(String name) {
    try (InputStream in = Resource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the language table %s is missing from the program".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the language table " + name, e);
    }
  }

  /// The trimmed pieces of a list.
  static List<String> split(String text, char separator) {
    java.util.ArrayList<String> pieces = new java.util.ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == separator) {
        String piece = text.substring(from, i).strip();
        if (!piece.isEmpty()) {
          pieces.add(piece);
        }
        from = i + 1;
      }
    }
    return pieces;
  }
}
