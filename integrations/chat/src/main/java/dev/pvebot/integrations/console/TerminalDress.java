package dev.pvebot.integrations.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/// A terminal with a person before it: a prompt with history and completion, cards above it, and
/// between them the operations that run, edited in place.
public final class TerminalDress extends Dress {
  /// Faster than this nobody reads; slower looks stuck.
  private static final Duration REDRAW_EVERY = Duration.ofMillis(120);

  /// The terminal is asked for its size this often while something is pinned.
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /// Lines of the screen that pinned cards leave to the conversation.
  private static final int FREE_ROWS = 8;

  private static final int HISTORY = 1000;

  private final Terminal terminal;
  private final Colours colours;
  private final PinnedReader reader;
  private final Transcript transcript = new Transcript(false);

  /// Guards what is pinned. The reader's own lock is taken before it, never after.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final Map<String, Shown> pinned = new LinkedHashMap<>();
  private boolean dirty;
  private boolean closed;
  private boolean started;

  /// Takes over the terminal of this process.
  ///
  /// @throws IOException when there is none, or it can not be controlled
  public static TerminalDress onThisTerminal(
      Completer completer, Optional<Path> history, Colours colours) throws IOException {
    // In a container without a locale Java would take ASCII, where the terminal outside speaks
    // UTF-8.
    Terminal terminal =
        TerminalBuilder.builder().system(true).dumb(false).encoding(StandardCharsets.UTF_8).build();
    return new TerminalDress(terminal, completer, history, colours);
  }

  /// @param terminal closed with this
  /// @param history the file that keeps entered lines from one run to the next
  public TerminalDress(
      Terminal terminal, Completer completer, Optional<Path> history, Colours colours)
      throws IOException {
    this.terminal = terminal;
    this.colours = colours;
    this.reader = new PinnedReader(terminal, this::pinnedText);
    // Sentences are not shell lines: an apostrophe opens no quotation, `!` recalls nothing.
    reader.setParser(new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]));
    reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    reader.option(LineReader.Option.CASE_INSENSITIVE, true);
    reader.option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
    reader.option(LineReader.Option.HISTORY_TIMESTAMPED, false);
    reader.setVariable(LineReader.BELL_STYLE, "none");
    reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, "");
    reader.setVariable(LineReader.HISTORY_SIZE, HISTORY);
    reader.setVariable(LineReader.HISTORY_FILE_SIZE, HISTORY);
    history.ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
    reader.setCompleter((_, line, candidates) ->
        completer.candidates(line.line().substring(0, line.cursor())).stream()
            .map(TerminalDress::candidate)
            .forEach(candidates::add));
  }

  private static Candidate candidate(Completer.Candidate candidate) {
    String word = Harmless.line(candidate.word());
    String about = Harmless.line(candidate.about());
    return new Candidate(word, word, null, about.isEmpty() ? null : about, null, null, true);
  }

  @Override
  void show(Shown shown) {
    boolean runs = shown.card().kind().equals("progress") && shown.thread().isEmpty();
    boolean wasPinned;
    lock.lock();
    try {
      wasPinned = runs ? pinned.put(shown.id(), shown) != null : pinned.remove(shown.id()) != null;
      dirty |= runs || wasPinned;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (runs) {
      return;
    }
    if (wasPinned) {
      reader.repin();
    }
    boolean whole =
        wasPinned
            || shown.before().isEmpty()
            || !shown.before().get().kind().equals(shown.card().kind());
    if (whole) {
      print(shown);
    } else {
      CardChange.between(shown.before().get(), shown.card())
          .filter(CardChange::matters)
          .ifPresent(change -> print(shown.as(change.card())));
    }
  }

  @Override
  void said(String speaker, String place, String text) {
    // The line that was typed stands there.
  }

  @Override
  void note(String text) {
    synchronized (transcript) {
      above(transcript.note(text, terminal.getColumns()));
    }
  }

  private void print(Shown shown) {
    synchronized (transcript) {
      above(transcript.card(shown, terminal.getColumns(), shown.numbers()));
    }
  }

  private void above(List<Line> lines) {
    reader.printAbove(
        lines.stream().map(l -> l.coloured(colours)).collect(Collectors.joining("\n")));
  }

  @Override
  boolean typing() {
    return reader.isTyping();
  }

  @Override
  Heard read(String speaker, String place, Optional<String> question) {
    start();
    String name = Harmless.line(speaker) + (place.isEmpty() ? "" : " " + Harmless.line(place));
    String prompt = question.map(q -> Harmless.line(q) + ": ").orElse(name + "> ");
    // What is typed into a form is meant for this form only.
    reader.setVariable(LineReader.DISABLE_HISTORY, question.isPresent());
    reader.setVariable(LineReader.DISABLE_COMPLETION, question.isPresent());
    try {
      String line = reader.readOnce(Ink.STRONG.dye(prompt, colours));
      synchronized (transcript) {
        transcript.personTyped();
      }
      return new Heard.Said(line);
    } catch (UserInterruptException e) {
      return new Heard.Interrupted(Objects.requireNonNullElse(e.getPartialLine(), ""));
    } catch (EndOfFileException _) {
      return new Heard.Left();
    }
  }

  private void start() {
    lock.lock();
    try {
      if (!started) {
        started = true;
        // Between two lines too: what is typed ahead is neither echoed into a card nor lost, and
        // Ctrl-C there does not
        // end the process.
        terminal.enterRawMode();
        terminal.handle(Terminal.Signal.INT, _ -> {});
        Thread.ofVirtual().name("console-redraw").start(this::redraw);
      }
    } finally {
      lock.unlock();
    }
  }

  private void redraw() {
    int columns = terminal.getColumns();
    try {
      while (true) {
        lock.lock();
        try {
          if (!dirty && !closed) {
            changed.awaitNanos(LOOK_EVERY.toNanos());
          }
          if (closed) {
            return;
          }
          boolean resized = columns != terminal.getColumns() && !pinned.isEmpty();
          columns = terminal.getColumns();
          if (!dirty && !resized) {
            continue;
          }
          dirty = false;
        } finally {
          lock.unlock();
        }
        reader.repin();
        Thread.sleep(REDRAW_EVERY);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String pinnedText(int columns) {
    lock.lock();
    try {
      if (pinned.isEmpty()) {
        return "";
      }
      int rows = Math.max(3, (terminal.getRows() - FREE_ROWS) / pinned.size());
      var lines = new ArrayList<Line>();
      for (Shown shown : pinned.values()) {
        lines.add(Line.of(Ink.FAINT, "-".repeat(Math.max(1, Math.min(columns, 60) - 1))));
        lines.addAll(PinnedCard.lines(shown, columns, rows));
      }
      return lines.stream().map(l -> l.coloured(colours) + "\n").collect(Collectors.joining());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Shown> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(pinned.values());
      pinned.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(this::print);
    try {
      reader.getHistory().save();
      terminal.puts(Capability.exit_attribute_mode);
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the terminal and saving its history", e);
    }
  }
}
