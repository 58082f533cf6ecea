package dev.pvebot.bot;

import dev.pvebot.bot.cli.CommandLineRoot;

/// The program's entry. See [Bot] for how it is put together.
public final class Pvebot {
  private Pvebot() {}

  public static void main(String[] args) {
    System.exit(CommandLineRoot.run(args, System.out, System.err));
  }
}
