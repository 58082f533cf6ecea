package dev.pvebot.integrations.pve.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PresentedCertificate;
import dev.pvebot.integrations.pve.api.PveAnswer;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.integrations.pve.check.ApiReport.Access;
import dev.pvebot.integrations.pve.fleet.Rights;
import dev.pvebot.integrations.pve.fleet.Together;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Traits.Privilege;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Asks each node for itself, and holds the token's rights against what the actions declare.
public final class ApiCheck {
  /// Rights that reach beyond guests. A token that has one of them unasked can do more harm than
  /// its bot.
  private static final Set<String> DANGEROUS =
      Set.of(
          "Permissions.Modify",
          "User.Modify",
          "Group.Allocate",
          "Realm.Allocate",
          "Realm.AllocateUser",
          "Sys.Modify",
          "Sys.Console",
          "Sys.PowerMgmt",
          "Sys.Incoming");

  private final PveCaller caller;
  private final Actions actions;
  private final InstantSource clock;

  public ApiCheck(PveCaller caller, Actions actions, InstantSource clock) {
    this.caller = caller;
    this.actions = actions;
    this.clock = clock;
  }

  /// Never fails because of a node: what is wrong stands in the report.
  public ApiReport run() throws InterruptedException {
    List<Callable<ApiReport.Node>> readings = new ArrayList<>();
    caller.nodes().forEach(node -> readings.add(() -> ask(node)));
    List<ApiReport.Node> nodes = Together.read(readings);
    Optional<String> version =
        nodes.stream()
            .map(ApiReport.Node::access)
            .flatMap(access ->
                access instanceof Access.Good good
                    ? java.util.stream.Stream.of(good.version())
                    : java.util.stream.Stream.empty())
            .findFirst();
    return version.isEmpty()
        ? new ApiReport(nodes, Optional.empty(), Optional.empty())
        : new ApiReport(nodes, quorate(), token(major(version.get())));
  }

  private ApiReport.Node ask(Site.ApiNode node) throws InterruptedException {
    try {
      Instant before = clock.instant();
      PveAnswer answer =
          caller.answerOf(
              node.name(),
              PveCall.get("asking %s for its version".formatted(node.name()), "version"));
      Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      return new ApiReport.Node(
          node.name(),
          node.api(),
          new Access.Good(
              Json.text(answer.data(), "version").orElse("unknown"),
              // the header has whole seconds, cut off
              answer.date().map(date -> Duration.between(middle, date.plusMillis(500)))));
    } catch (PveFailure failure) {
      return new ApiReport.Node(node.name(), node.api(), explain(node, failure));
    }
  }

  private static Access explain(Site.ApiNode node, PveFailure failure) throws InterruptedException {
    Optional<String> why = failure.hint().map(hint -> hint.why());
    Optional<String> now = failure.hint().map(hint -> hint.now());
    if (failure.kind() != PveFailure.Kind.TLS_MISMATCH) {
      return new Access.Bad(failure.reason(), why, now);
    }
    return new Access.Mistrusted(
        failure.reason(),
        PresentedCertificate.of(node)
            .map(c ->
                new ApiReport.Certificate(
                    c.sha256(), c.subject(), c.issuer(), c.validUntil().toString())),
        now.orElse(""));
  }

  private Optional<Boolean> quorate() throws InterruptedException {
    try {
      JsonNode status =
          caller.call(PveCall.get("reading the cluster's state", "cluster", "status"));
      return Optional.of(
          Json.list(status).stream()
              .filter(entry -> entry.path("type").asText().equals("cluster"))
              .allMatch(entry -> Json.flag(entry, "quorate")));
    } catch (PveFailure _) {
      return Optional.empty();
    }
  }

  private Optional<ApiReport.Token> token(int major) throws InterruptedException {
    Rights rights;
    try {
      rights = Rights.read(caller);
    } catch (PveFailure _) {
      return Optional.empty();
    }
    List<ApiReport.Missing> missing = new ArrayList<>();
    List<ApiReport.Missing> partial = new ArrayList<>();
    Set<String> needed = new TreeSet<>();
    declared(major)
        .forEach((privilege, users) -> {
          needed.addAll(names(privilege));
          ApiReport.Missing entry = new ApiReport.Missing(privilege, List.copyOf(users));
          if (names(privilege).stream()
              .noneMatch(name -> rights.holdsBelow(root(privilege.path()), name))) {
            boolean somewhere = names(privilege).stream().anyMatch(rights::holdsSomewhere);
            (somewhere ? partial : missing).add(entry);
          }
        });
    List<String> dangerous =
        rights.all().stream()
            .filter(DANGEROUS::contains)
            .filter(name -> !needed.contains(name))
            .toList();
    return Optional.of(
        new ApiReport.Token(
            caller.tokenId(), missing, partial, dangerous, rights.seesEveryGuest()));
  }

  private Map<Privilege, Set<String>> declared(int major) {
    Map<Privilege, Set<String>> declared =
        new TreeMap<>(Comparator.comparing(Privilege::name).thenComparing(Privilege::path));
    for (Action<?, ?> action : actions.all()) {
      for (Privilege privilege : action.traits().privileges()) {
        boolean known =
            privilege.since() <= major && (privilege.until() == 0 || privilege.until() >= major);
        if (known) {
          declared.computeIfAbsent(privilege, _ -> new TreeSet<>()).add(action.name());
        }
      }
    }
    return declared;
  }

  /// `VM.Config.Cloudinit|VM.Config.Network`: any of them will do.
  private static Set<String> names(Privilege privilege) {
    return Set.of(privilege.name().split("\\|", -1));
  }

  /// `/vms/{vmid}` stands for all of `/vms`.
  private static String root(String path) {
    String root = path.replaceFirst("/\\{.*", "");
    return root.isEmpty() ? "/" : root;
  }

  private static int major(String version) {
    String digits = version.replaceFirst("\\..*", "");
    return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : 9;
  }
}
