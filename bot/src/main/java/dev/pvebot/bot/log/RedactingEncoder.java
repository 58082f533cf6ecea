package dev.pvebot.bot.log;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/// Writes a log line after every known secret was taken out of it. Logback makes it from
/// `logback.xml`, before there is a bot that could hand it a redactor: so the redactor is set
/// later, for the whole process.
public final class RedactingEncoder extends PatternLayoutEncoder {
  private static volatile UnaryOperator<String> redactor = UnaryOperator.identity();

  /// Sets what takes secrets out; from the moment on at which the process learns its first one.
  public static void redactWith(UnaryOperator<String> redact) {
    redactor = redact;
  }

  /// A text without the secrets that this process has learned, for what is printed past the log.
  public static String redacted(String text) {
    return redactor.apply(text);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = new String(super.encode(event), StandardCharsets.UTF_8);
    return redactor.apply(line).getBytes(StandardCharsets.UTF_8);
  }
}
