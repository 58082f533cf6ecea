package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lines, for a pipe, a file, a terminal that can do no more. Nothing is edited: of an edited card,
/// what is new is printed; figures that merely move, every [#FIGURES_EVERY].
public final class PlainDress extends Dress {
  /// How often running times and percentages of one card are printed.
  public static final Duration FIGURES_EVERY = Duration.ofSeconds(15);

  private static final int REMEMBERED = 200;

  private record Told(Card card, Instant at) {}

  private final PrintStream out;
  private final Optional<BufferedReader> in;
  private final int width;
  private final Colours colours;
  private final InstantSource clock;
  private final Transcript transcript = new Transcript(true);
  private final Map<String, Told> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// @param out should encode UTF-8
  /// @param in where lines come from, which are printed too; without it buttons show their commands
  ///   instead of numbers
  /// @param width columns
  public PlainDress(
      PrintStream out,
      Optional<BufferedReader> in,
      int width,
      Colours colours,
      InstantSource clock) {
    this.out = out;
    this.in = in;
    this.width = Math.max(width, CardText.NARROWEST);
    this.colours = colours;
    this.clock = clock;
  }

  @Override
  synchronized void show(Shown shown) {
    Optional<Told> before = Optional.ofNullable(told.get(shown.id()));
    Instant now = clock.instant();
    if (before.isEmpty() || !before.get().card().kind().equals(shown.card().kind())) {
      print(shown);
      told.put(shown.id(), new Told(shown.card(), now));
      return;
    }
    Card last = before.get().card();
    CardChange.between(last, shown.card())
        .filter(change -> change.matters() || !now.isBefore(before.get().at().plus(FIGURES_EVERY)))
        .ifPresent(change -> {
          print(shown.as(change.card()));
          told.put(shown.id(), new Told(shown.card(), now));
        });
  }

  @Override
  public synchronized void said(String speaker, String place, String text) {
    print(transcript.person(speaker, place, text, width));
  }

  @Override
  synchronized void note(String text) {
    print(transcript.note(text, width));
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

  private void print(Shown shown) {
    print(
        transcript.card(
            shown, width, in.isPresent() ? shown.numbers() : new ButtonText.Commands()));
  }

  private void print(List<Line> lines) {
    lines.forEach(l -> out.println(l.coloured(colours)));
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
