package dev.pvebot.bot;

import dev.pvebot.bot.cli.CommandLineRoot;
import org.slf4j.LoggerFactory;

/// The program's entry. See [Bot] for how it is put together.
public final class Pvebot {
  private Pvebot() {}

  public static void main(String[] args) {
    // the JVM would print it past the log, and so past the redactor
    Thread.setDefaultUncaughtExceptionHandler((thread, defect) ->
        LoggerFactory.getLogger(Pvebot.class).error("thread {} died", thread.getName(), defect));
    System.exit(CommandLineRoot.run(args, System.out, System.err));
  }
}
