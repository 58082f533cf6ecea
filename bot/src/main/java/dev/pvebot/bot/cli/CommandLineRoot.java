package dev.pvebot.bot.cli;

import dev.pvebot.bot.log.RedactingEncoder;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// `pvebot`: help, and the way to the sub-commands.
@CommandLine.Command(
    name = "pvebot",
    description = "Operates a Proxmox VE + Talos fleet from chat.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineRoot.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      LabCommand.class,
      DemoCommand.class,
      ChatLabCommand.class,
      SayCommand.class,
      PlanCommand.class,
      ParseCommand.class,
      CheckCommand.class,
      RunbookCommand.class,
      HealthCommand.class,
      AuditCommand.class,
      CommandLine.HelpCommand.class
    })
public final class CommandLineRoot {
  private final PrintStream out;

  private CommandLineRoot(PrintStream out) {
    this.out = out;
  }

  /// Where a command's answer goes.
  PrintStream out() {
    return out;
  }

  /// Runs one command line.
  ///
  /// @return the exit code: 0 done, 1 failed, 2 usage or configuration, 3 needs consent, 4 refused
  public static int run(String[] args, PrintStream out, PrintStream err) {
    CommandLine line = new CommandLine(new CommandLineRoot(out));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((failure, command, _) -> {
      command
          .getErr()
          .println(
              RedactingEncoder.redacted(
                  "pvebot %s: %s".formatted(command.getCommandName(), failure.getMessage())));
      return failure instanceof Configured.Unusable ? 2 : 1;
    });
    return line.execute(args);
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandLineRoot.class.getPackage().getImplementationVersion();
      return new String[] {"pvebot " + (version == null ? "(not packaged)" : version)};
    }
  }
}
