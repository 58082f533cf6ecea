package dev.pvebot.bot.doctor;

import dev.pvebot.bot.chat.SlackChat;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.ChatConfig;
import dev.pvebot.bot.config.StoreSettings;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.secrets.SecretUnavailable;
import dev.pvebot.integrations.slack.SlackCheck;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.engine.EngineClock;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Examines one installation from its configuration outwards.
public final class Doctor {
  /// Longest path of a Unix socket on Linux, in bytes.
  private static final int LONGEST_SOCKET = 107;

  private final BotConfig config;
  private final Site site;
  private final SecretResolver secrets;
  private final Actions actions;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  /// @param actions whose declared privileges the token is held against
  public Doctor(
      BotConfig config, Site site, SecretResolver secrets, Actions actions, InstantSource clock) {
    this.config = config;
    this.site = site;
    this.secrets = secrets;
    this.actions = actions;
    this.clock = clock;
  }

  /// Looks at everything, once.
  public Diagnosis examine() throws InterruptedException {
    configuration();
    console();
    Optional<Secret> token = secret("Token", config.pveToken().orElse(site.credentials().token()));
    Optional<SecretRef> sshKey = site.credentials().sshKey();
    if (sshKey.isPresent()) {
      secret("SSH key", sshKey.get());
    }
    socket();
    store();
    slack();
    if (token.isPresent()) {
      proxmox(token.get());
    }
    return new Diagnosis(findings);
  }

  private void configuration() {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(config.file());
      if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        findings.add(
            Finding.wrong(
                "Configuration",
                "everybody on this machine can change %s, and so who may do what"
                    .formatted(config.file()),
                "chmod o-w " + config.file()));
        return;
      }
    } catch (IOException | UnsupportedOperationException unreadable) {
      findings.add(
          Finding.note(
              "Configuration",
              "the mode of %s cannot be read (%s)".formatted(config.file(), unreadable)));
      return;
    }
    findings.add(
        Finding.good(
            "Configuration",
            "%s: %d people, %d profiles, nodes %s"
                .formatted(
                    config.file(),
                    config.rights().people().size(),
                    site.profiles().size(),
                    String.join(
                        ", ", site.nodes().stream().map(node -> node.name().value()).toList()))));
  }

  /// `--as` is for labs, and a lab's nodes are on loopback.
  private void console() {
    if (!config.trustConsole()) {
      return;
    }
    boolean lab = site.nodes().stream().allMatch(node -> isLoopback(node.host()));
    findings.add(
        lab
            ? Finding.note(
                "Console", "trusts anybody's --as; harmless, for every node is on loopback")
            : Finding.wrong(
                "Console",
                "trusts anybody's --as: whoever reaches the socket can approve as anybody",
                "take `console: {trust: true}` out of " + config.file()));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // the node itself is reported as not reachable
    }
  }

  private Optional<Secret> secret(String subject, SecretRef reference) throws InterruptedException {
    try {
      Secret secret = secrets.resolve(reference);
      findings.add(Finding.good(subject, "%s can be read".formatted(reference)));
      return Optional.of(secret);
    } catch (SecretUnavailable unavailable) {
      findings.add(
          Finding.wrong(
              subject, "%s: %s".formatted(reference, unavailable.what()), unavailable.now()));
      return Optional.empty();
    }
  }

  private void socket() {
    Path socket = config.socket();
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET) {
      findings.add(
          Finding.wrong(
              "Socket",
              "%s has %d bytes, Linux allows %d".formatted(socket, length, LONGEST_SOCKET),
              "name a shorter path under `socket` in " + config.file()));
      return;
    }
    Call ping = new Call("ping", "", Optional.empty(), "console", Optional.empty(), false);
    try {
      boolean runs = new LocalClient(socket, WireJson.mapper()).call(ping, _ -> {}).isPresent();
      findings.add(
          runs
              ? Finding.good("Bot", "runs and answers at " + socket)
              : Finding.note("Bot", "does not run", "pvebot serve --config " + config.file()));
    } catch (IOException broken) {
      findings.add(
          Finding.wrong(
              "Bot",
              "something at %s does not answer (%s)".formatted(socket, broken.getMessage()),
              "see who holds it: ss -xlp | grep " + socket));
    }
  }

  private void store() throws InterruptedException {
    StoreConfig store;
    try {
      store = StoreSettings.of(config, secrets);
    } catch (SecretUnavailable unavailable) {
      findings.add(
          Finding.wrong(
              "Store password",
              "%s: %s".formatted(unavailable.reference(), unavailable.what()),
              unavailable.now()));
      return;
    }
    if (store.place() instanceof StoreConfig.Sqlite(Path file) && !Files.exists(file)) {
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
      findings.add(
          Files.isWritable(folder)
              ? Finding.good("Store", "%s will be made at the first start".formatted(file))
              : Finding.wrong(
                  "Store",
                  "%s does not exist and %s cannot be written".formatted(file, folder),
                  "let the bot's user own %s, or name another place under `store`"
                      .formatted(folder)));
      return;
    }
    if (store.place() instanceof StoreConfig.Sqlite(Path file) && !Files.isWritable(file)) {
      findings.add(
          Finding.wrong("Store", "%s cannot be written".formatted(file), "chown or chmod it"));
      return;
    }
    try {
      int schema = Store.look(store);
      findings.add(
          Finding.good(
              "Store",
              "%s, %s"
                  .formatted(
                      config.store().url(), schema == 0 ? "still empty" : "schema " + schema)));
    } catch (JournalUnavailable unavailable) {
      findings.add(Finding.wrong("Store", String.valueOf(unavailable.getMessage())));
    }
  }

  private void slack() throws InterruptedException {
    Optional<ChatConfig.Slack> slack = config.chat().slack();
    if (slack.isEmpty()) {
      return;
    }
    try {
      SlackCheck.Report report =
          SlackCheck.run(SlackChat.settings(slack.get(), secrets), EngineClock.system());
      report
          .workspace()
          .ifPresent(where -> findings.add(Finding.good("Slack", "signs in at " + where)));
      report.trouble().forEach(what -> findings.add(Finding.wrong("Slack", what)));
    } catch (SecretUnavailable unavailable) {
      findings.add(
          Finding.wrong(
              "Slack",
              "%s: %s".formatted(unavailable.reference(), unavailable.what()),
              unavailable.now()));
    } catch (IllegalArgumentException unusable) {
      findings.add(Finding.wrong("Slack", String.valueOf(unusable.getMessage())));
    }
    long known = config.chat().people().getOrDefault("slack", java.util.Map.of()).size();
    if (known == 0) {
      findings.add(
          Finding.wrong(
              "Slack people",
              "nobody has a Slack id, so everybody is refused",
              "add `slack: U…` to people in %s; the profile's menu in Slack copies the member id"
                  .formatted(config.file())));
    }
  }

  private void proxmox(Secret token) throws InterruptedException {
    try (Pve pve = new Pve(site, token, Pve.Pace.defaults(), clock)) {
      findings.addAll(new PveExamination(site, pve, actions, config.pace(), clock).examine());
    } catch (IllegalArgumentException unusable) {
      findings.add(
          Finding.wrong(
              "Token or TLS",
              String.valueOf(unusable.getMessage()),
              "correct the entry, or `tls` in the site's cluster-config.yaml"));
    }
  }
}
