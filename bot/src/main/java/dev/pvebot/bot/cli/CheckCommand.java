package dev.pvebot.bot.cli;

import dev.pvebot.bot.InstructionSet;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.doctor.Diagnosis;
import dev.pvebot.bot.doctor.Doctor;
import dev.pvebot.bot.log.RedactingEncoder;
import dev.pvebot.bot.redaction.CleanCards;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.check.LeastRights;
import dev.pvebot.integrations.secrets.Redactor;
import dev.pvebot.integrations.secrets.SecretResolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot check`: what is wrong, and how to mend it. Needs no running bot.
@CommandLine.Command(
    name = "check",
    description = {
      "Checks configuration, secrets, store, reachability, TLS, clocks, the token's rights and"
          + " storages, and says how to mend what is wrong. Changes nothing.",
      "Exit 0: nothing is wrong; 1: something is; 2: the configuration cannot be used."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @CommandLine.ParentCommand private CommandLineRoot root;

  @CommandLine.Mixin private Configured.Option config;

  @CommandLine.Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @CommandLine.Option(
      names = "--quiet",
      description = "Print only when something is wrong: for cron, which mails what is printed.")
  private boolean quiet;

  @CommandLine.Option(
      names = "--pveum",
      paramLabel = "VERSION",
      arity = "0..1",
      fallbackValue = "9",
      description =
          "Only print the lines that make a token with the least rights on Proxmox VE 8 or 9"
              + " (default: ${FALLBACK-VALUE}); needs no configuration.")
  private @Nullable Integer pveum;

  @Override
  public Integer call() throws Configured.Unusable, InterruptedException {
    if (pveum != null) {
      LeastRights.of(InstructionSet.declarations(), pveum)
          .pveum("pvebot@pve", "bot")
          .forEach(root.out()::println);
      root.out().flush();
      return 0;
    }
    BotConfig read = Configured.bot(config.file());
    Site site = Configured.site(read.site());
    Redactor redactor = new Redactor();
    RedactingEncoder.redactWith(redactor::redact);
    SecretResolver secrets =
        new SecretResolver(
            read.file().resolveSibling(".").normalize(),
            System.getenv(),
            Duration.ofSeconds(20),
            redactor);
    Diagnosis diagnosis =
        new Doctor(read, site, secrets, InstructionSet.declarations(), InstantSource.system())
            .examine();
    if (!quiet || !diagnosis.isGood()) {
      Card card = new CleanCards(redactor::redact).clean(diagnosis.card());
      Output.show(root.out(), json, card);
    }
    return diagnosis.isGood() ? 0 : 1;
  }
}
