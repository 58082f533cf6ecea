package dev.pvebot.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// A table of phrases with what they should come to: text, intent, arguments as JSON; for `none`
/// the reasons that fit.
record PhraseList(String name, Catalog site, List<Phrase> phrases) {

  record Phrase(String text, String intent, String expected) {
    boolean isCommand() {
      return !intent.equals("none");
    }

    List<String> reasons() {
      return List.of(expected.split("\\|", -1));
    }

    boolean isRight(Command command) {
      return isCommand()
          ? command.intent().equals(intent)
              && json(new TreeMap<>(command.args())).equals(sorted(expected))
          : command.isNone();
    }
  }

  static PhraseList read(String name, Catalog site) {
    try (InputStream in = PhraseList.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no phrase list " + name);
      }
      List<Phrase> phrases = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split("\t", -1);
          phrases.add(new Phrase(parts[0], parts[1], parts[2]));
        }
      }
      return new PhraseList(name, site, List.copyOf(phrases));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Arguments as compact JSON with sorted keys.
  static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        StringJoiner out = new StringJoiner(",", "{", "}");
        new TreeMap<>(map).forEach((key, each) -> out.add("\"" + key + "\":" + json(each)));
        yield out.toString();
      }
      case List<?> list -> {
        StringJoiner out = new StringJoiner(",", "[", "]");
        list.forEach(each -> out.add(json(each)));
        yield out.toString();
      }
      case String text -> "\"" + text + "\"";
      default -> value.toString();
    };
  }

  /// The flat JSON of the table with its keys sorted.
  private static String sorted(String json) {
    String inside = json.strip().substring(1, json.strip().length() - 1);
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= inside.length(); i++) {
      char c = i < inside.length() ? inside.charAt(i) : ',';
      quoted ^= c == '"';
      depth += quoted ? 0 : c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == ',' && depth == 0 && !quoted && i > start) {
        parts.add(inside.substring(start, i));
        start = i + 1;
      }
    }
    Collections.sort(parts);
    return "{" + String.join(",", parts) + "}";
  }
}
