package dev.pvebot.integrations.slack;

import static com.slack.api.model.block.composition.BlockCompositions.plainText;

import com.slack.api.model.block.ActionsBlock;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.block.element.BlockElement;
import com.slack.api.model.block.element.ButtonElement;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Dresses a card in Block Kit, within Slack's limits whatever the card holds: at most 50 blocks a
/// message (docs: "blocks"), 75 characters on a button and 2000 in its value, and all text together
/// well below the 13 000 at which `msg_blocks_too_long` was seen. What does not fit is shortened
/// and comes whole as a file.
final class BlockKit {
  static final String PRESS = "press";
  static final String FORM = "form";

  /// All text of one message.
  private static final int ROOM = 9_000;

  private static final int TITLE = 300;
  private static final int LEAST_FOR_A_BLOCK = 400;
  private static final int MOST_BLOCKS = 40;
  private static final int MOST_BUTTONS = 20;
  private static final int BUTTONS_A_ROW = 5;
  private static final int LABEL = 75;
  private static final int VALUE = 2_000;

  /// Characters of fixed width that a phone shows in a line.
  private static final int PHONE = 40;

  private static final int MOST_LINES = 40;
  private static final String CUT = "…";

  /// @param text for notifications and screen readers, mrkdwn-escaped
  /// @param files what was too long to be read in place
  record Layout(List<LayoutBlock> blocks, String text, List<Attachment> files) {}

  record Attachment(String name, String text) {}

  private final List<LayoutBlock> blocks = new ArrayList<>();
  private final List<Attachment> files = new ArrayList<>();
  private int room = ROOM;
  private boolean shortened;

  private BlockKit() {}

  static Layout of(Card card) {
    BlockKit kit = new BlockKit();
    String title = cut(sign(card.tone()) + line(card.title()), TITLE);
    kit.room -= title.length();
    new Rich().bold(title).block().ifPresent(kit.blocks::add);
    int left = card.body().size();
    for (Card.Block block : card.body()) {
      if (kit.blocks.size() >= MOST_BLOCKS) {
        kit.shortened = true;
        break;
      }
      int share = Math.max(LEAST_FOR_A_BLOCK, kit.room / left--);
      kit.add(block, Math.min(share, kit.room));
    }
    kit.buttons(card.buttons());
    if (kit.shortened) {
      kit.files.addFirst(new Attachment("whole.txt", CardWords.of(card)));
    }
    return new Layout(
        List.copyOf(kit.blocks), Rich.escaped(cut(line(card.title()), TITLE)), kit.files);
  }

  private void add(Card.Block block, int share) {
    if (share <= 0) {
      shortened = true;
      return;
    }
    switch (block) {
      case Card.Text(String text) -> put(new Rich().plain(fit(text.stripTrailing(), share)));
      case Card.Fields(List<Card.Field> fields) -> fields(fields, share);
      case Card.Table table -> table(table, share);
      case Card.Effects(List<Card.EffectLine> lines) -> {
        Rich rich = new Rich();
        each(
            lines,
            share,
            line -> line.text().length() + 3,
            (line, newline) ->
                rich.plain(newline)
                    .code(String.valueOf(line.sign()))
                    .plain(" " + cut(line(line.text()), share)),
            rich);
      }
      case Card.Steps(List<Card.StepLine> lines) -> steps(lines, share);
      case Card.Literal literal -> {
        String tail = literal.tail();
        put(new Rich().preformatted(fromTheEnd(tail, share)));
        if (literal.isLong()) {
          files.add(new Attachment("log.txt", literal.text()));
        }
      }
    }
  }

  private void fields(List<Card.Field> fields, int share) {
    Rich rich = new Rich();
    each(
        fields,
        share,
        field ->
            field.label().length()
                + field.value().length()
                + field.note().map(String::length).orElse(0)
                + 6,
        (field, newline) -> {
          rich.plain(newline)
              .bold(cut(line(field.label()), share))
              .plain("  " + cut(line(field.value()), share));
          field.note().ifPresent(note -> rich.plain("   ").bold(cut(line(note), share)));
        },
        rich);
  }

  private void steps(List<Card.StepLine> lines, int share) {
    Rich rich = new Rich();
    each(
        lines,
        share,
        step -> step.title().length() + step.elapsed().length() + step.note().length() + 10,
        (step, newline) -> {
          String title = cut(line(step.title()), share);
          rich.plain(newline + mark(step.mark()) + " ");
          if (step.mark().equals("..")) {
            rich.bold(title);
          } else {
            rich.plain(title);
          }
          if (!step.elapsed().isBlank()) {
            rich.plain("  " + step.elapsed());
          }
          if (!step.note().isBlank()) {
            rich.plain("  " + cut(line(step.note()), share));
          }
        },
        rich);
  }

  /// Aligned columns where a phone can show them, else each row as one line of text.
  private void table(Card.Table table, int share) {
    int columns = table.columns().size();
    int[] widths =
        IntStream.range(0, columns)
            .map(i ->
                Math.max(
                    table.columns().get(i).length(),
                    table.rows().stream()
                        .mapToInt(row -> i < row.size() ? row.get(i).length() : 0)
                        .max()
                        .orElse(0)))
            .toArray();
    boolean narrow = IntStream.of(widths).sum() + 2 * (columns - 1) <= PHONE;
    if (narrow) {
      StringBuilder text = new StringBuilder(aligned(table.columns(), widths));
      int shown = 0;
      for (List<String> row : table.rows()) {
        String next = "\n" + aligned(row, widths);
        if (shown >= MOST_LINES || text.length() + next.length() + 30 > share) {
          break;
        }
        text.append(next);
        shown++;
      }
      if (shown < table.rows().size()) {
        shortened = true;
        text.append("\n… and %d more".formatted(table.rows().size() - shown));
      }
      put(new Rich().preformatted(fit(text.toString(), share)));
      return;
    }
    Rich rich = new Rich();
    each(
        table.rows(),
        share,
        row -> row.stream().mapToInt(cell -> cell.length() + 3).sum(),
        (row, newline) -> {
          rich.plain(newline).bold(row.isEmpty() ? "" : cut(line(row.getFirst()), share));
          rich.plain(
              row.stream()
                  .skip(1)
                  .filter(cell -> !cell.isBlank())
                  .map(cell -> " · " + cut(line(cell), share))
                  .collect(Collectors.joining()));
        },
        rich);
  }

  private static String aligned(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> {
          String cell = line(cells.get(i));
          return i == cells.size() - 1 || i >= widths.length
              ? cell
              : cell + " ".repeat(Math.max(0, widths[i] - cell.length()));
        })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private interface Adding<T> {
    void add(T item, String newline);
  }

  /// As many lines as there is room for, and how many are missing.
  private <T> void each(
      List<T> items,
      int share,
      java.util.function.ToIntFunction<T> length,
      Adding<T> adding,
      Rich rich) {
    int used = 0;
    int shown = 0;
    for (T item : items) {
      int next = Math.min(length.applyAsInt(item), share);
      if (shown >= MOST_LINES || (shown > 0 && used + next + 20 > share)) {
        break;
      }
      adding.add(item, shown == 0 ? "" : "\n");
      used += next;
      shown++;
    }
    if (shown < items.size()) {
      shortened = true;
      rich.plain("\n… and %d more".formatted(items.size() - shown));
      used += 20;
    }
    room -= used;
    rich.block().ifPresent(blocks::add);
  }

  private void put(Rich rich) {
    rich.block().ifPresent(blocks::add);
  }

  private String fit(String text, int share) {
    if (text.length() > share) {
      shortened = true;
    }
    String fitted = cut(text, share);
    room -= fitted.length();
    return fitted;
  }

  private String fromTheEnd(String text, int share) {
    String end = text.substring(Math.max(0, text.length() - share));
    room -= end.length();
    return end;
  }

  private void buttons(List<Button> buttons) {
    List<BlockElement> row = new ArrayList<>();
    int number = 0;
    for (Button button : buttons) {
      Optional<String> value = value(button);
      if (number >= MOST_BUTTONS || value.isEmpty()) {
        shortened = true;
        continue;
      }
      row.add(element(button, value.get(), number++));
      if (row.size() == BUTTONS_A_ROW) {
        blocks.add(ActionsBlock.builder().elements(List.copyOf(row)).build());
        row.clear();
      }
    }
    if (!row.isEmpty()) {
      blocks.add(ActionsBlock.builder().elements(List.copyOf(row)).build());
    }
  }

  private static Optional<String> value(Button button) {
    String value = new Pressed(button.command(), button.input()).value();
    return value.length() <= VALUE ? Optional.of(value) : Optional.empty();
  }

  private static ButtonElement element(Button button, String value, int number) {
    ButtonElement.ButtonElementBuilder element =
        ButtonElement.builder()
            .actionId((button.input().isPresent() ? FORM : PRESS) + ":" + number)
            .text(plainText(text -> text.text(cut(line(button.label()), LABEL)).emoji(false)))
            .value(value);
    return switch (button.style()) {
      case PLAIN -> element.build();
      case PRIMARY -> element.style("primary").build();
      case DANGER -> element.style("danger").build();
    };
  }

  static String sign(Card.Tone tone) {
    return switch (tone) {
      case NEUTRAL -> "";
      case GOOD -> "✅ ";
      case WARNING -> "⚠️ ";
      case BAD -> "❌ ";
    };
  }

  static String mark(String mark) {
    return switch (mark) {
      case "ok" -> "✓";
      case ".." -> "▸";
      case "x" -> "✗";
      case "" -> "·";
      case "-" -> "–";
      default -> mark;
    };
  }

  static String line(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
  }

  /// Never in the middle of a character.
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Math.max(0, most - CUT.length());
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + CUT;
  }
}
