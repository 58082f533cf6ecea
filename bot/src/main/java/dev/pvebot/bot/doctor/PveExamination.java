package dev.pvebot.bot.doctor;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.integrations.pve.check.ApiReport;
import dev.pvebot.integrations.pve.check.LeastRights;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What can be seen of one site through its API: nodes, certificates, clocks, the token's rights,
/// storages, templates.
public final class PveExamination {
  /// A clock this far off makes the times of tasks and the validity of certificates lie. The reply
  /// header that is read has whole seconds.
  private static final Duration TOLERATED_SKEW = Duration.ofSeconds(10);

  private static final int SOON_DAYS = 30;
  private static final int TOO_SOON_DAYS = 7;
  private static final double NEARLY_FULL = 0.85;
  private static final double FULL = 0.95;

  private final Site site;
  private final Pve pve;
  private final Actions actions;
  private final double pace;
  private final InstantSource clock;

  /// @param actions whose declared privileges the token is held against
  /// @param pace of a lab's clock, which leaves ours behind; 1 elsewhere
  public PveExamination(Site site, Pve pve, Actions actions, double pace, InstantSource clock) {
    this.site = site;
    this.pve = pve;
    this.actions = actions;
    this.pace = pace;
    this.clock = clock;
  }

  /// Never fails because of the site: what is wrong stands in the findings.
  public List<Finding> examine() throws InterruptedException {
    ApiReport report = pve.check(actions).run();
    List<Finding> findings = new ArrayList<>();
    for (ApiReport.Node node : report.nodes()) {
      findings.add(access(node));
      node.certificate().flatMap(certificate -> expiry(node, certificate)).ifPresent(findings::add);
    }
    report.quorate().ifPresent(quorate -> findings.add(quorum(quorate)));
    if (report.token().isPresent()) {
      findings.addAll(token(report.token().get()));
      findings.addAll(inventory());
    } else if (report.nodes().stream().anyMatch(PveExamination::answers)) {
      findings.add(
          Finding.wrong(
              "Token",
              "what it may do cannot be read",
              "look at the node's own answer: pvesh get /access/permissions"));
    }
    return findings;
  }

  private static boolean answers(ApiReport.Node node) {
    return node.access() instanceof ApiReport.Access.Good;
  }

  private Finding access(ApiReport.Node node) {
    String subject = "Node " + node.name();
    return switch (node.access()) {
      case ApiReport.Access.Good good -> {
        Optional<Duration> off =
            good.ahead().filter(ahead -> pace <= 1 && ahead.abs().compareTo(TOLERATED_SKEW) > 0);
        yield off.map(ahead ->
                Finding.wrong(
                    subject,
                    "its clock is %d s %s ours"
                        .formatted(
                            ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
                    "see which of the two is wrong: timedatectl, on the node and here",
                    "systemctl restart chrony"))
            .orElseGet(() -> Finding.good(subject, "answers, Proxmox VE " + good.version()));
      }
      case ApiReport.Access.Bad bad -> bad(subject, node, bad);
      case ApiReport.Access.Mistrusted mistrusted ->
          Finding.wrong(
              subject,
              mistrusted.what()
                  + node.certificate()
                      .map(c -> "; it shows %s of %s".formatted(c.sha256(), c.subject()))
                      .orElse(""),
              "on the node, see its own: openssl x509 -noout -fingerprint -sha256 -in"
                  + " /etc/pve/local/pveproxy-ssl.pem || openssl x509 -noout -fingerprint -sha256"
                  + " -in /etc/pve/local/pve-ssl.pem",
              mistrusted.now());
    };
  }

  private Finding bad(String subject, ApiReport.Node node, ApiReport.Access.Bad bad) {
    String tokenId = pve.caller().tokenId();
    String user = tokenId.replaceFirst("!.*", "");
    String name = tokenId.replaceFirst(".*!", "");
    return switch (bad.kind()) {
      case UNREACHABLE, NO_ANSWER, BUSY, NODE_AWAY ->
          Finding.wrong(
              subject,
              bad.what(),
              "from here: curl -k %s/version".formatted(node.api()),
              "on the node: systemctl status pveproxy pvedaemon");
      case UNAUTHENTICATED ->
          Finding.wrong(
              subject,
              bad.what() + bad.why().map(why -> "; " + why).orElse(""),
              "see it: pveum user token list " + user,
              "if it has expired: pveum user token modify %s %s --expire 0".formatted(user, name),
              "for a new secret: pveum user token remove %s %s; pveum user token add %s %s --privsep 0"
                  .formatted(user, name, user, name));
      case TLS_MISMATCH, FORBIDDEN, REJECTED, REFUSED, NONSENSE ->
          Finding.wrong(
              subject,
              bad.what() + bad.why().map(why -> "; " + why).orElse(""),
              bad.now().map(List::of).orElse(List.of()));
    };
  }

  private Optional<Finding> expiry(ApiReport.Node node, ApiReport.Certificate certificate) {
    long left =
        ChronoUnit.DAYS.between(
            LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), certificate.validUntil());
    String subject = "Certificate of " + node.name();
    String renew =
        "on the node: pvenode acme cert renew, or pvecm updatecerts --force, then systemctl restart"
            + " pveproxy; a pinned fingerprint changes with it";
    if (left < 0) {
      return Optional.of(
          Finding.wrong(subject, "has expired on " + certificate.validUntil(), renew));
    }
    String days = "%d days left, until %s".formatted(left, certificate.validUntil());
    return Optional.of(
        left <= TOO_SOON_DAYS
            ? Finding.wrong(subject, days, renew)
            : left <= SOON_DAYS ? Finding.note(subject, days, renew) : Finding.good(subject, days));
  }

  private static Finding quorum(boolean quorate) {
    return quorate
        ? Finding.good("Quorum", "yes")
        : Finding.wrong(
            "Quorum",
            "lost: reading works, every change will fail",
            "bring the missing nodes back: pvecm status");
  }

  private List<Finding> token(ApiReport.Token token) {
    LeastRights rights = LeastRights.of(actions, token.major());
    List<Finding> findings = new ArrayList<>();
    for (ApiReport.Missing missing : token.missing()) {
      findings.add(
          Finding.wrong(
              "Token",
              "lacks %s on %s, needed by %s"
                  .formatted(
                      missing.privilege().name().replace("|", " or "),
                      LeastRights.root(missing.privilege().path()),
                      String.join(", ", missing.actions())),
              rights.mending(LeastRights.root(missing.privilege().path()), token.id())));
    }
    for (ApiReport.Missing partial : token.partial()) {
      findings.add(
          Finding.wrong(
              "Token",
              "has %s on some of %s only: PVE leaves the others out of its lists without a word"
                  .formatted(
                      partial.privilege().name().replace("|", " or "),
                      LeastRights.root(partial.privilege().path())),
              rights.mending(LeastRights.root(partial.privilege().path()), token.id())));
    }
    if (!token.seesEveryGuest()) {
      findings.add(
          Finding.wrong(
              "Token",
              "does not see every guest (VM.Audit on all of /vms): an absent VMID may be taken, so"
                  + " nothing is created or removed",
              rights.mending("/vms", token.id())));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.good("Token", token.id() + " has every right that the actions declare"));
    }
    if (!token.dangerous().isEmpty()) {
      findings.add(
          Finding.note(
              "Token",
              "may more than any action needs: " + String.join(", ", token.dangerous()),
              "give it the least rights instead: pvebot check --pveum " + token.major()));
    }
    return findings;
  }

  private List<Finding> inventory() throws InterruptedException {
    Fleet fleet;
    try {
      fleet = pve.fleet().fresh();
    } catch (PveFailure | ActionFailure failure) {
      return List.of(Finding.wrong("Inventory", String.valueOf(failure.getMessage())));
    }
    List<Finding> findings = new ArrayList<>();
    Set<String> wanted = new TreeSet<>(Set.of(site.defaults().storage()));
    site.profiles().forEach(profile -> wanted.add(profile.storage()));
    wanted.forEach(storage -> findings.addAll(storage(fleet, storage)));
    if (fleet.storages().stream().noneMatch(s -> s.active() && s.content().contains("backup"))) {
      findings.add(
          Finding.note(
              "Backups",
              "no active storage takes them, so `back up` cannot work",
              "pvesm set STORAGE --content backup,…   (with what it holds already)"));
    }
    for (ClusterProfile profile : site.profiles()) {
      if (fleet.templates().noneMatch(each -> each.vmid().equals(profile.template()))) {
        findings.add(
            Finding.note(
                "Template of " + profile.name(),
                "VM %s is no template here, so the cluster cannot be created"
                    .formatted(profile.template()),
                "make it, or name another under `template` in the profile"));
      }
    }
    return findings;
  }

  private static List<Finding> storage(Fleet fleet, String name) {
    String subject = "Storage " + name;
    List<Fleet.Storage> places =
        fleet.storages().stream().filter(storage -> storage.name().equals(name)).toList();
    if (places.isEmpty()) {
      return List.of(
          Finding.wrong(
              subject,
              "does not exist on any node, or the token cannot see it (Datastore.Audit)",
              "see what there is: pvesm status; then correct `storage` in the site or the"
                  + " profile"));
    }
    List<Finding> findings = new ArrayList<>();
    for (Fleet.Storage place : places) {
      boolean away = fleet.node(place.node()).filter(Fleet.Node::online).isEmpty();
      double full = place.totalBytes() == 0 ? 0 : (double) place.usedBytes() / place.totalBytes();
      if (!place.content().contains("images")) {
        List<String> contents = new ArrayList<>(place.content());
        contents.add("images");
        findings.add(
            Finding.wrong(
                subject,
                "holds no disks of VMs (content: %s)".formatted(String.join(", ", place.content())),
                "pvesm set %s --content %s".formatted(name, String.join(",", contents))));
        break; // one setting for all nodes
      }
      if (away) {
        continue; // its node is reported
      }
      if (!place.active()) {
        findings.add(
            Finding.wrong(
                subject,
                "is not active on " + place.node(),
                "on %s: pvesm status --storage %s".formatted(place.node(), name)));
      } else if (full >= NEARLY_FULL) {
        String fill = "is %.0f %% full on %s".formatted(full * 100, place.node());
        findings.add(full >= FULL ? Finding.wrong(subject, fill) : Finding.note(subject, fill));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.good(subject, "active, holds disks of VMs"))
        : findings;
  }
}
