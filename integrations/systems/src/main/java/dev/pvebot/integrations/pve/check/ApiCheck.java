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
import dev.pvebot.runbooks.action.Actions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    Access access = access(node);
    return new ApiReport.Node(
        node.name(),
        node.api(),
        access,
        PresentedCertificate.of(node)
            .map(c ->
                new ApiReport.Certificate(c.sha256(), c.subject(), c.issuer(), c.validUntil())));
  }

  private Access access(Site.ApiNode node) throws InterruptedException {
    try {
      Instant before = clock.instant();
      PveAnswer answer =
          caller.answerOf(
              node.name(),
              PveCall.get("asking %s for its version".formatted(node.name()), "version"));
      Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      return new Access.Good(
          Json.text(answer.data(), "version").orElse("unknown"),
          // the header has whole seconds, cut off
          answer.date().map(date -> Duration.between(middle, date.plusMillis(500))));
    } catch (PveFailure failure) {
      Optional<String> now = failure.hint().map(hint -> hint.now());
      return failure.kind() == PveFailure.Kind.TLS_MISMATCH
          ? new Access.Mistrusted(failure.reason(), now.orElse(""))
          : new Access.Bad(
              failure.kind(), failure.reason(), failure.hint().map(hint -> hint.why()), now);
    }
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
    Declared.by(actions, major)
        .forEach((privilege, users) -> {
          needed.addAll(Declared.names(privilege));
          ApiReport.Missing entry = new ApiReport.Missing(privilege, List.copyOf(users));
          if (Declared.names(privilege).stream()
              .noneMatch(name -> rights.holdsBelow(Declared.root(privilege.path()), name))) {
            boolean somewhere = Declared.names(privilege).stream().anyMatch(rights::holdsSomewhere);
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
            caller.tokenId(), major, missing, partial, dangerous, rights.seesEveryGuest()));
  }

  private static int major(String version) {
    String digits = version.replaceFirst("\\..*", "");
    return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : 9;
  }
}
