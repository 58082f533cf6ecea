package dev.pvebot.clusters.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads one YAML document into a tree, or says what is wrong with it and where. It never throws
/// for its input.
///
/// It takes the plain part of YAML: mappings with text keys, lists, scalars. Refused are keys that
/// occur twice, anchors, aliases and merge keys (a short file can stand for gigabytes), tags,
/// several documents, more than [#MAX_DEPTH] levels, more than [#MAX_BYTES] bytes, bytes that are
/// not UTF-8 and control characters.
public final class YamlReader {
  /// Levels of mappings and lists inside each other.
  public static final int MAX_DEPTH = 50;

  /// Size of a file; a bigger one is refused before it is read.
  public static final int MAX_BYTES = 1024 * 1024;

  private YamlReader() {}

  /// What came of reading.
  ///
  /// @param root the document; empty when there is none, or when it could not be read to its end
  /// @param problems all that is wrong; only when it is empty is the tree to be trusted
  public record Parsed(Optional<YamlNode> root, List<Problem> problems) {
    public Parsed {
      problems = List.copyOf(problems);
    }
  }

  /// Reads a file and names it in problems by its path.
  public static Parsed read(Path path) {
    return read(path, path.toString());
  }

  /// Reads a file.
  ///
  /// @param shownAs the name of the file in problems
  public static Parsed read(Path path, String shownAs) {
    byte[] bytes;
    try {
      if (!Files.isRegularFile(path)) {
        return refused(
            Position.file(shownAs),
            "no such file",
            "a readable file",
            "Looked for it at %s.".formatted(path));
      }
      if (Files.size(path) > MAX_BYTES) {
        return tooBig(shownAs, Files.size(path));
      }
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
    } catch (IOException e) {
      return refused(
          Position.file(shownAs),
          "a file that cannot be read (%s)".formatted(e),
          "a readable file",
          "Check its owner and mode.");
    }
    if (bytes.length > MAX_BYTES) {
      return tooBig(shownAs, bytes.length);
    }
    return read(shownAs, bytes);
  }

  /// Reads a text whose first line is line 1.
  public static Parsed read(String shownAs, String text) {
    return read(shownAs, text, 1);
  }

  /// Reads a text that is a part of a file, for example a fenced block of a runbook.
  ///
  /// @param firstLine the line of the file on which the text begins, from 1
  public static Parsed read(String shownAs, String text, int firstLine) {
    // UTF-8 needs at least as many bytes as the text has characters, so this never refuses what the
    // file check lets pass
    if (text.length() > MAX_BYTES) {
      return tooBig(shownAs, text.length());
    }
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Optional<Parsed> unprintable = refuseControlCharacters(shownAs, body, firstLine);
    return unprintable.orElseGet(() -> new TreeBuilder(shownAs, firstLine).build(body));
  }

  private static Parsed read(String shownAs, byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), decoded, true);
    String text = decoded.flip().toString();
    if (result.isError()) {
      return refused(
          end(shownAs, text, 1),
          "bytes that are not UTF-8",
          "UTF-8 text",
          "Save the file as UTF-8.");
    }
    return read(shownAs, text);
  }

  private static Optional<Parsed> refuseControlCharacters(
      String shownAs, String text, int firstLine) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean paired =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (paired) {
        i++;
      } else if (Character.isSurrogate(c)
          || (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
        return Optional.of(
            refused(
                end(shownAs, text.substring(0, i), firstLine),
                "the control character U+%04X".formatted((int) c),
                "printable text",
                "Remove it; inside double quotes write it as an escape."));
      }
    }
    return Optional.empty();
  }

  private static Position end(String shownAs, String before, int firstLine) {
    int line = firstLine + (int) before.chars().filter(c -> c == '\n').count();
    return new Position(shownAs, line, before.length() - before.lastIndexOf('\n'));
  }

  private static Parsed tooBig(String shownAs, long bytes) {
    return refused(
        Position.file(shownAs),
        "%.1f MiB".formatted(bytes / (1024.0 * 1024.0)),
        "at most 1 MiB",
        "No file that people maintain is that long; is it the right one?");
  }

  private static Parsed refused(Position at, String found, String expected, String advice) {
    return new Parsed(Optional.empty(), List.of(new Problem(at, "", found, expected, advice)));
  }
}
