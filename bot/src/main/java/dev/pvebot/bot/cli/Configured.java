package dev.pvebot.bot.cli;

import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.BotConfigReader;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.clusters.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/// Reads the configuration that a command names, or says everything that is wrong with it.
final class Configured {
  private Configured() {}

  /// The option that every command with a configuration has.
  static final class Option {
    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        defaultValue = "pvebot.yaml",
        description = "The configuration (default: ${DEFAULT-VALUE}).")
    private Path file;

    Path file() {
      return file;
    }
  }

  /// The configuration cannot be used; the message says all that is wrong.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  static BotConfig bot(Path file) throws Unusable {
    return switch (BotConfigReader.read(file)) {
      case BotConfigReader.Result.Read(BotConfig config) -> config;
      case BotConfigReader.Result.Refused(List<Problem> problems) -> throw unusable(problems);
    };
  }

  static Site site(Path folder) throws Unusable {
    SiteReader reader = new SiteReader(Path.of(System.getProperty("user.home")));
    return switch (reader.read(folder)) {
      case SiteReader.Result.Loaded(List<Site> sites) -> {
        if (sites.size() > 1) {
          throw new Unusable(
              "%s holds %d sites; this build serves one: point `site` at its folder"
                  .formatted(folder, sites.size()));
        }
        yield sites.getFirst();
      }
      case SiteReader.Result.Refused(List<Problem> problems) -> throw unusable(problems);
    };
  }

  private static Unusable unusable(List<Problem> problems) {
    StringBuilder text = new StringBuilder("the configuration cannot be used:");
    problems.forEach(problem -> text.append("\n  ").append(problem.sentence()));
    return new Unusable(text.toString());
  }
}
