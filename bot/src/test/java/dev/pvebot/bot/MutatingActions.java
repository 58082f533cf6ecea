package dev.pvebot.bot;

import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.BotConfigReader;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.secrets.Redactor;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.runbooks.action.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The part of the instruction set that changes something, for tests that leave none of it out.
public final class MutatingActions {
  private MutatingActions() {}

  /// @param folder a lab's, with `pvebot.yaml`
  public static TreeSet<String> names(Path folder) throws InterruptedException {
    SecretResolver secrets =
        new SecretResolver(folder, Map.of(), Duration.ofSeconds(20), new Redactor());
    InstantSource clock = InstantSource.system();
    try (Systems systems = Systems.connect(site(folder), config(folder), secrets, clock)) {
      TreeSet<String> names = new TreeSet<>();
      InstructionSet.of(systems.pve(), clock, 1).all().stream()
          .filter(action -> action.traits().risk() != Risk.READ)
          .map(Action::name)
          .forEach(names::add);
      return names;
    }
  }

  private static BotConfig config(Path folder) {
    return switch (BotConfigReader.read(folder.resolve("pvebot.yaml"))) {
      case BotConfigReader.Result.Read(BotConfig config) -> config;
      case BotConfigReader.Result.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  private static Site site(Path folder) {
    return switch (new SiteReader(folder).read(folder.resolve("site"))) {
      case SiteReader.Result.Loaded(List<Site> sites) -> sites.getFirst();
      case SiteReader.Result.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }
}
