package dev.pvebot.integrations.pve.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a failure of PVE means and what to do about it: a table, read from the top.
public final class Hints {
  /// @param why the cause
  /// @param now what to do next
  public record Hint(String why, String now) {}

  /// @param when which failures; the pattern is looked for in PVE's words
  private record Row(Predicate<PveFailure> when, Pattern words, Text why, Text now) {}

  private interface Text {
    String of(PveFailure failure, MatchResult words);
  }

  private static final Pattern ANY = Pattern.compile("");

  private static final List<Row> TABLE =
      List.of(
          kind(
              PveFailure.Kind.TLS_MISMATCH,
              "the node shows another certificate than the one that is trusted",
              "if the certificate was renewed on purpose, put the new fingerprint or CA into the"
                  + " site's `tls`; if not, find out who answers there"),
          kind(
              PveFailure.Kind.UNREACHABLE,
              "no node of the site could be reached",
              "check the nodes, the network and pveproxy (port 8006) from the bot's machine:"
                  + " `pvebot check`"),
          kind(
              PveFailure.Kind.UNAUTHENTICATED,
              "the API token is wrong, has expired, or its user is disabled",
              "look at it with `pveum user token list`, renew it if need be, and store it where the"
                  + " site's `credentials` point"),
          new Row(
              failure ->
                  failure.kind() == PveFailure.Kind.FORBIDDEN && failure.missing().isPresent(),
              ANY,
              (failure, _) ->
                  failure
                      .missing()
                      .map(m ->
                          "the token lacks %s on %s"
                              .formatted(m.privilege().replace("|", " or "), m.path()))
                      .orElse(""),
              (failure, _) ->
                  failure
                      .missing()
                      .map(m ->
                          "grant it: `pveum acl modify %s --tokens 'TOKEN' --roles ROLE` (the role is in the README); with privilege separation its user needs it too"
                              .formatted(m.path()))
                      .orElse("")),
          kind(
              PveFailure.Kind.FORBIDDEN,
              "the token has no right to this",
              "compare its role with the one in the README: `pvebot check` names what is missing"),
          kind(
              PveFailure.Kind.NODE_AWAY,
              "the node it is about does not answer the rest of the cluster",
              "look whether the node is up; if it is, whether pveproxy and corosync run on it"),
          kind(
              PveFailure.Kind.NONSENSE,
              "what answered does not speak PVE's API (a proxy's page, or an answer cut short)",
              "let `nodes` of the site name PVE's own port (8006), and look at what stands"
                  + " between"),
          words(
              "VM is locked \\(([a-z-]+)\\)",
              (_, m) -> LockWords.of(m.group(1)).meaning(),
              (_, m) -> LockWords.of(m.group(1)).now()),
          words(
              "no quorum",
              "the cluster has lost quorum; reading works, writing does not",
              "bring the missing nodes back: `pvecm status`"),
          words(
              "can't lock file '[^']*(pve-storage-|lock-)([^'.]+)",
              (_, m) ->
                  "%s is busy with something else"
                      .formatted(
                          m.group(1).equals("lock-")
                              ? "VM " + m.group(2)
                              : "storage " + m.group(2)),
              (_, _) -> "it is tried again by itself; if that does not help, see what runs there"),
          words(
              "cfs-lock 'storage-([^']+)'",
              (_, m) -> "storage %s is busy with something else".formatted(m.group(1)),
              (_, _) -> "it is tried again by itself"),
          words(
              "Configuration file 'nodes/([^/]+)/qemu-server/(\\d+)\\.conf' does not exist|unable"
                  + " to find configuration file for VM (\\d+) on node '([^']+)'",
              "the VM is not on that node: it has moved, or is a leftover that PVE's list still"
                  + " shows (a ghost)",
              "look it up again; if the list shows it on no node's own list, wait a minute for the"
                  + " list to settle"),
          words(
              "protection mode enabled",
              "PVE's own protection flag is set",
              "take it off in the VM's options first, if it really is to go"),
          words(
              "storage '([^']+)' is not available on node '([^']+)'",
              (_, m) -> "storage %s does not exist on %s".formatted(m.group(1), m.group(2)),
              (_, _) -> "choose a node or a storage that has the other"),
          words(
              "(config file already exists|already exists on node|VM \\d+ already exists)",
              "the VMID was taken meanwhile",
              "plan again: another VMID will be chosen"),
          words(
              "checksum mismatch|detected modified configuration",
              "somebody else changed the configuration at the same moment",
              "it is tried again by itself"),
          kind(
              PveFailure.Kind.BUSY,
              "the node is too busy to answer, or its services restart",
              "ask again in a minute; on the node: `systemctl status pveproxy pvedaemon`"),
          kind(
              PveFailure.Kind.NO_ANSWER,
              "the answer did not arrive whole, so nobody knows what came of the call",
              "`pvebot check` shows whether the nodes answer; what was begun is looked at before"
                  + " anything is done again"),
          kind(
              PveFailure.Kind.REFUSED,
              "that is Proxmox VE's own reason",
              "the node's log may tell more: `journalctl -u pvedaemon -u pveproxy`"));

  private Hints() {}

  static Optional<Hint> of(PveFailure failure) {
    for (Row row : TABLE) {
      Matcher matcher = row.words().matcher(failure.reason());
      if (row.when().test(failure) && matcher.find()) {
        return Optional.of(
            new Hint(row.why().of(failure, matcher), row.now().of(failure, matcher)));
      }
    }
    return Optional.empty();
  }

  private static Row kind(PveFailure.Kind kind, String why, String now) {
    return new Row(failure -> failure.kind() == kind, ANY, (_, _) -> why, (_, _) -> now);
  }

  private static Row words(String pattern, String why, String now) {
    return words(pattern, (_, _) -> why, (_, _) -> now);
  }

  private static Row words(String pattern, Text why, Text now) {
    return new Row(_ -> true, Pattern.compile(pattern), why, now);
  }
}
