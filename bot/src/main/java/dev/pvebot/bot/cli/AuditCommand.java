package dev.pvebot.bot.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot audit`: the record of who did what.
@CommandLine.Command(
    name = "audit",
    description = "Verifies or exports the audit.",
    mixinStandardHelpOptions = true,
    subcommands = {AuditCommand.Verify.class, AuditCommand.Export.class})
final class AuditCommand {
  @CommandLine.Command(
      name = "verify",
      description = "Reads the whole hash chain; exit 1 when it is broken.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @CommandLine.Mixin private Configured.Option config;

    @CommandLine.Option(
        names = "--head",
        paramLabel = "HASH",
        description = "A head that somebody noted: it must be in the chain.")
    private @Nullable String head;

    @Override
    public Integer call() throws Configured.Unusable, IOException, InterruptedException {
      return SayCommand.speak(
          "audit-verify",
          head == null ? "" : head,
          config,
          Optional.empty(),
          "console",
          Optional.empty(),
          false,
          false);
    }
  }

  @CommandLine.Command(
      name = "export",
      description = "Prints every row as a JSON line.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @CommandLine.Mixin private Configured.Option config;

    @Override
    public Integer call() throws Configured.Unusable, IOException, InterruptedException {
      return SayCommand.speak(
          "audit-export", "", config, Optional.empty(), "console", Optional.empty(), false, false);
    }
  }
}
