package dev.pvebot.commands.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the bot shows: a title, blocks, buttons. Each platform dresses it in its own way; nothing
/// in it is markup, so a VM called `<!channel>` stays a name.
///
/// @param kind what the card is, stable for scripts: `answer`, `plan`, `progress`, `approval`,
///   `refusal`, `question`, `result`, `failure`, `notice`
/// @param title one line
/// @param facts the same content as data, for `--json`: strings, numbers, booleans, lists and maps
///   of these
public record Card(
    String kind,
    Tone tone,
    String title,
    List<Block> body,
    List<Button> buttons,
    Map<String, Object> facts) {

  public Card {
    body = List.copyOf(body);
    buttons = List.copyOf(buttons);
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  public enum Tone {
    NEUTRAL,
    GOOD,
    WARNING,
    BAD
  }

  public sealed interface Block {}

  /// A sentence or paragraph.
  public record Text(String text) implements Block {}

  /// Labels with values, one a line.
  public record Fields(List<Field> fields) implements Block {
    public Fields {
      fields = List.copyOf(fields);
    }
  }

  /// @param note a remark worth a look, for example `<- look here first`
  public record Field(String label, String value, Optional<String> note) {
    public Field(String label, String value) {
      this(label, value, Optional.empty());
    }
  }

  /// A small table; platforms may show it as lines on a phone.
  public record Table(List<String> columns, List<List<String>> rows) implements Block {
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /// Effects of a plan.
  public record Effects(List<EffectLine> lines) implements Block {
    public Effects {
      lines = List.copyOf(lines);
    }
  }

  /// @param sign `+` created, `~` changed, `-` destroyed, `=` kept
  public record EffectLine(char sign, String text) {}

  /// The steps of an operation.
  public record Steps(List<StepLine> lines) implements Block {
    public Steps {
      lines = List.copyOf(lines);
    }
  }

  /// @param mark `ok`, `..` running, `x` failed, `!` done with warnings, `-` skipped, `?` waits for
  ///   a person, or blank
  /// @param elapsed for example `2:48`, empty when not begun
  public record StepLine(String mark, String title, String elapsed, String note) {}

  /// Literal text, for example a task log; shown fixed-width. A long one is shown as its [#tail],
  /// where the platform can with the whole as a file.
  public record Literal(String text) implements Block {
    /// Lines that are read in place; more is for a file.
    private static final int LINES = 20;

    /// Characters that are read in place; fits into one block of every platform.
    private static final int CHARACTERS = 1_800;

    public boolean isLong() {
      return text.length() > CHARACTERS || text.lines().count() > LINES;
    }

    /// The last lines, for what matters in a log stands at its end; all of it if it is not long.
    public String tail() {
      if (!isLong()) {
        return text;
      }
      List<String> lines = text.lines().toList();
      String end =
          String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
      return end.substring(Math.max(0, end.length() - CHARACTERS));
    }
  }

  public static Card of(String kind, Tone tone, String title, String text) {
    return new Card(
        kind,
        tone,
        title,
        text.isEmpty() ? List.of() : List.of(new Text(text)),
        List.of(),
        Map.of());
  }
}
