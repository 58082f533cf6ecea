package dev.pvebot.integrations.console;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jline.reader.MaskingCallback;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/// A line reader with lines pinned above its prompt, which change while a person types.
///
/// They are part of the prompt, so that one owner draws them and the line under one lock; JLine's
/// `Status` writes beside the reader, and the two garble each other. When a line is entered the
/// pinned lines go and the bare prompt stays, so that they are not left in the scrollback.
final class PinnedReader extends LineReaderImpl {
  /// Gives the pinned lines, each ended, for the terminal's size in columns.
  private final IntFunction<String> pinned;

  /// Ctrl-C that nobody has been told of yet.
  private final AtomicBoolean interrupted = new AtomicBoolean();

  private String bare = "";

  PinnedReader(Terminal terminal, IntFunction<String> pinned) throws IOException {
    super(terminal, "pvebot");
    this.pinned = pinned;
    getWidgets().put(CALLBACK_INIT, this::watchInterrupts);
  }

  /// In place of the handler that `readLine` has just set, and which it takes away again.
  private boolean watchInterrupts() {
    Thread reading = Thread.currentThread();
    terminal.handle(
        Terminal.Signal.INT,
        _ -> {
          interrupted.set(true);
          reading.interrupt();
        });
    return true;
  }

  /// Reads a line, and reports each Ctrl-C once.
  ///
  /// An interrupt that hits JLine 4.5's reader while it peeks stays there, and ends the next line
  /// too: without this, one Ctrl-C now and then counted as two, and the console was left.
  ///
  /// @throws UserInterruptException after Ctrl-C
  String readOnce(String prompt) {
    String typed = "";
    while (true) {
      try {
        return readLine(prompt, null, (MaskingCallback) null, typed);
      } catch (UserInterruptException e) {
        if (interrupted.getAndSet(false)) {
          throw e;
        }
        typed = Objects.requireNonNullElse(e.getPartialLine(), "");
      }
    }
  }

  @Override
  public void setPrompt(String prompt) {
    bare = prompt == null ? "" : prompt;
    pin();
  }

  private void pin() {
    var whole = new AttributedStringBuilder();
    whole.ansiAppend(pinned.apply(terminal.getColumns()));
    whole.ansiAppend(bare);
    // Not through the superclass, which expands `%`: cards have percentages.
    prompt = whole.toAttributedString();
  }

  /// Draws anew what is pinned.
  void repin() {
    lock.lock();
    try {
      if (reading) {
        pin();
        redisplay(true);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isTyping() {
    lock.lock();
    try {
      return reading && buf.length() > 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected void cleanup() {
    prompt = AttributedString.fromAnsi(bare);
    super.cleanup();
  }
}
