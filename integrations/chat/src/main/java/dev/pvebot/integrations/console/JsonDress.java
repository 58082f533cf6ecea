package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/// JSON lines, as [CardJson] says: one for each card and each edit of one that changed something.
public final class JsonDress extends Dress {
  private final PrintStream out;
  private final Optional<BufferedReader> in;
  private final CardJson json = new CardJson();

  /// @param out should encode UTF-8
  public JsonDress(PrintStream out, Optional<BufferedReader> in) {
    this.out = out;
    this.in = in;
  }

  @Override
  synchronized void show(Shown shown) {
    Card card = shown.card();
    if (!shown.before().equals(Optional.of(card))) {
      out.println(json.line(shown.posted(), card, shown.edit()));
      out.flush();
    }
  }

  @Override
  void said(String speaker, String place, String text) {
    // A script knows what it says.
  }

  @Override
  synchronized void note(String text) {
    out.println(json.object(Map.of("type", "note", "text", text)));
    out.flush();
  }

  @Override
  boolean typing() {
    return false;
  }

  @Override
  Heard read(String speaker, String place, Optional<String> question) {
    if (in.isEmpty()) {
      return new Heard.Left();
    }
    question.ifPresent(this::note);
    try {
      String line = in.get().readLine();
      return line == null ? new Heard.Left() : new Heard.Said(line);
    } catch (IOException e) {
      throw new UncheckedIOException("reading what to do next from standard input", e);
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}
