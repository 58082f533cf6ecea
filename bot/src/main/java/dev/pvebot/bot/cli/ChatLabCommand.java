package dev.pvebot.bot.cli;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.local.LocalServer;
import dev.pvebot.bot.local.WireJson;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.slack.SlackLab;
import dev.pvebot.integrations.lab.slack.SlackUser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// `pvebot chat-lab`: the lab, the bot and a Slack of their own, to be talked to in a browser.
@CommandLine.Command(
    name = "chat-lab",
    description = "The lab, the bot and a stand-in for Slack, to be talked to in a browser.",
    mixinStandardHelpOptions = true)
final class ChatLabCommand implements Callable<Integer> {
  private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave", "eve");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Option(
      names = "--speed",
      defaultValue = "20",
      description = "Seconds of lab time in a second (default: ${DEFAULT-VALUE}).")
  private double speed;

  @CommandLine.Option(
      names = "--port",
      defaultValue = "3910",
      description = "Where Slack's page is, on 127.0.0.1 (default: ${DEFAULT-VALUE}; 0: any).")
  private int port;

  @Override
  public Integer call() throws Configured.Unusable, IOException, InterruptedException {
    if (!(speed >= 1)) {
      System.err.println("--speed must be at least 1, for example 20");
      return 2;
    }
    Path folder = Files.createTempDirectory("pvebot-chat-lab");
    try (Lab lab = LabServer.start(LabConfig.isolated().withSpeed(speed), folder);
        SlackLab slack =
            SlackLab.start(new InetSocketAddress("127.0.0.1", port), InstantSource.system())) {
      populate(slack);
      configure(folder, slack);
      BotConfig config = Configured.bot(folder.resolve("pvebot.yaml"));
      try (Bot bot = Bot.open(config, Configured.site(config.site()))) {
        bot.start();
        try (LocalServer server =
            LocalServer.listen(config.socket(), WireJson.mapper(), bot::call)) {
          spec.commandLine()
              .getOut()
              .printf(
                  "Slack is at %s (choose who you are on the left). Configuration: %s%n"
                      + "A script reads %stext. Nodes: %s. Stop it with Ctrl-C.%n",
                  page(slack),
                  config.file(),
                  page(slack),
                  String.join(
                      ", ", lab.endpoints().keySet().stream().map(Object::toString).toList()));
          spec.commandLine().getOut().flush();
          Thread.currentThread().join();
        }
      }
    }
    return 0;
  }

  private static String page(SlackLab slack) {
    return slack.api().resolve("/").toString();
  }

  private static void populate(SlackLab slack) {
    slack.withChannel("C00INFRA", "infra").withChannel("C01ONCALL", "oncall");
    for (String person : PEOPLE) {
      slack.with(SlackUser.member("U0000" + person.toUpperCase(Locale.ROOT), person));
    }
    slack
        .with(new SlackUser("U0000GUS", "gus (guest)", SlackLab.TEAM, SlackUser.Kind.GUEST))
        .with(SlackUser.member("U0000NEW", "newcomer"));
  }

  private static void configure(Path folder, SlackLab slack) throws IOException {
    secret(folder, "slack-bot", SlackLab.BOT_TOKEN);
    secret(folder, "slack-app", SlackLab.APP_TOKEN);
    Files.writeString(
        folder.resolve("pvebot.yaml"),
        """
        slack:
          bot_token: "file:secrets/slack-bot"
          app_token: "file:secrets/slack-app"
          api: "%s"
        """
            .formatted(slack.api()),
        StandardOpenOption.APPEND);
  }

  private static void secret(Path folder, String name, String value) throws IOException {
    Path file = Files.writeString(folder.resolve("secrets").resolve(name), value + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
