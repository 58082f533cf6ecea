package dev.pvebot.bot.config;

import dev.pvebot.bot.gate.Freeze;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.secret.SecretRef;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Person;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `pvebot.yaml` says. Paths are absolute; relative ones in the file count from its folder.
///
/// @param file where it was read from
/// @param site folder with `cluster-config.yaml` and the profiles
/// @param runbooks folder with the site's own runbooks, beside the library
/// @param store where the journal lives
/// @param socket the local socket of the running bot
/// @param trustConsole whether `--as` is believed; only for labs
/// @param pveToken where the API token lives; empty means the `pass` entry that the site names
/// @param metrics where health and figures are served; nowhere unless said
/// @param pace how many times faster than the wall the datacenter's clock runs; 1 everywhere but in
///   a lab. The bot's own waits are shortened by it
/// @param approvals how long consent may take; a timeout is a no
/// @param rights people and roles
/// @param zone of the site: of its freezes, and of everybody who has none of their own
/// @param zones of people who have one
/// @param freezes when nothing disruptive or destructive is begun
/// @param notices channels that are told of what concerns everyone, besides the one it happened in
/// @param self what pvebot itself runs on
/// @param consoleUsers Unix user -> person, for the local socket
/// @param chat the chats that the bot is in
public record BotConfig(
    Path file,
    Path site,
    Optional<Path> runbooks,
    Store store,
    Path socket,
    boolean trustConsole,
    Optional<SecretRef> pveToken,
    Optional<InetSocketAddress> metrics,
    double pace,
    Approvals approvals,
    Rights rights,
    ZoneId zone,
    Map<Person, ZoneId> zones,
    List<Freeze> freezes,
    List<Conversation> notices,
    Self self,
    Map<String, Person> consoleUsers,
    ChatConfig chat) {

  public BotConfig {
    if (!(pace >= 1 && pace <= 10_000)) {
      throw new IllegalArgumentException("pace must be from 1 to 10000");
    }
    zones = Map.copyOf(zones);
    freezes = List.copyOf(freezes);
    notices = List.copyOf(notices);
    consoleUsers = Map.copyOf(consoleUsers);
  }

  /// The VM, node and storages that pvebot itself runs on. What is not said is found out: the VM by
  /// its host name, the node from the VM.
  public record Self(Optional<Vmid> vm, Optional<NodeName> node, List<String> storages) {
    public Self {
      storages = List.copyOf(storages);
    }
  }

  /// @param url JDBC URL of SQLite or PostgreSQL
  /// @param user of PostgreSQL
  /// @param password of PostgreSQL, by reference
  public record Store(String url, Optional<String> user, Optional<SecretRef> password) {}

  /// @param expire from the plan's card to the automatic no
  public record Approvals(Duration expire) {
    public static final Duration DEFAULT_EXPIRE = Duration.ofMinutes(15);
  }
}
