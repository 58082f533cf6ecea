package dev.pvebot.bot.log;

import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what libraries say through `java.util.logging` into the one log. The JDK would print it to
/// standard error by itself, past the redactor.
public final class LibraryLog extends Handler {
  private LibraryLog() {}

  /// From now on there is one log.
  public static void join() {
    LogManager.getLogManager().reset();
    LogManager.getLogManager().getLogger("").addHandler(new LibraryLog());
  }

  @Override
  public void publish(LogRecord record) {
    Logger log = LoggerFactory.getLogger(String.valueOf(record.getLoggerName()));
    String text =
        record.getParameters() == null || record.getMessage() == null
            ? String.valueOf(record.getMessage())
            : MessageFormat.format(record.getMessage(), record.getParameters());
    if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
      log.error(text, record.getThrown());
    } else if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      log.warn(text, record.getThrown());
    } else {
      log.debug(text, record.getThrown());
    }
  }

  @Override
  public void flush() {
    // the one log flushes by itself
  }

  @Override
  public void close() {
    // the one log stays open
  }
}
