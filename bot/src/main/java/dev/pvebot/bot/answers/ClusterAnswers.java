package dev.pvebot.bot.answers;

import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.operation.Operation;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Cards about clusters: `cluster.list` and `cluster.status`.
public final class ClusterAnswers {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private final FleetAnswers fleetAnswers;
  private final Chosen chosen;
  private final ZoneId zone;

  public ClusterAnswers(FleetAnswers fleetAnswers, Chosen chosen, ZoneId zone) {
    this.fleetAnswers = fleetAnswers;
    this.chosen = chosen;
    this.zone = zone;
  }

  /// How a cluster's machines stand against its profile.
  public enum Health {
    /// Nothing of it exists.
    ABSENT,
    /// Every machine of the profile runs.
    HEALTHY,
    /// Something is missing, stopped, locked or cannot be seen.
    DEGRADED
  }

  /// All profiles with what exists of them.
  public Card list(Site site, Fleet fleet) {
    List<List<String>> rows = new ArrayList<>();
    List<Map<String, Object>> facts = new ArrayList<>();
    for (ClusterProfile profile : site.profiles()) {
      Membership membership = chosen.members(profile, fleet);
      long running = membership.members().stream().filter(Fleet.Guest::isRunning).count();
      String health = word(health(profile, membership));
      String vms = "%d of %d".formatted(running, profile.machines().size());
      rows.add(
          List.of(
              profile.name().value(),
              environment(profile),
              health,
              vms,
              Integer.toString(profile.template().value())));
      facts.add(
          Map.of(
              "cluster", profile.name().value(),
              "environment", environment(profile),
              "health", health,
              "running", running,
              "wanted", profile.machines().size()));
    }
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "%d clusters on %s%s".formatted(rows.size(), site.name(), fleetAnswers.seen(fleet)),
        List.of(
            new Card.Table(
                List.of("Cluster", "Environment", "Health", "Running", "Template"), rows)),
        List.of(),
        Map.of("clusters", facts, "seen_at", fleet.seenAt().toString()));
  }

  /// One cluster.
  ///
  /// @param busy the operation that is changing it now
  public Card status(ClusterProfile profile, Site site, Fleet fleet, Optional<Operation> busy) {
    Membership membership = chosen.members(profile, fleet);
    Health health = health(profile, membership);
    List<Fleet.Guest> members = membership.members();
    long running = members.stream().filter(Fleet.Guest::isRunning).count();
    List<Card.Field> fields = new ArrayList<>();
    busy.ifPresent(operation ->
        fields.add(
            new Card.Field(
                "Now",
                "operation %d is at it: %s, by %s since %s"
                    .formatted(
                        operation.id(),
                        operation.plan().title(),
                        operation.requestedBy(),
                        TIME.format(operation.createdAt().atZone(zone))),
                Optional.of("<- look here first"))));
    fields.add(
        new Card.Field(
            "VMs",
            "%d of %d running".formatted(running, profile.machines().size())
                + members.stream()
                    .filter(Fleet.Guest::isRunning)
                    .collect(
                        Collectors.groupingBy(
                            guest -> guest.node().value(),
                            java.util.TreeMap::new,
                            Collectors.mapping(Fleet.Guest::name, Collectors.joining(" "))))
                    .entrySet()
                    .stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(" · ", running > 0 ? "   " : "", ""))));
    List<String> missing = missing(profile, members);
    if (health != Health.ABSENT && !missing.isEmpty()) {
      fields.add(
          new Card.Field("Missing", String.join(", ", missing), Optional.of("<- look here")));
    }
    for (Fleet.Guest guest : members) {
      if (!guest.isRunning()) {
        fields.add(
            new Card.Field(
                "VM " + guest.vmid(),
                "%s on %s is %s".formatted(guest.name(), guest.node(), FleetAnswers.state(guest))));
      }
      guest
          .lock()
          .ifPresent(lock ->
              fields.add(
                  new Card.Field("VM " + guest.vmid(), guest.name() + " is locked: " + lock)));
    }
    fields.add(
        new Card.Field(
            "Profile",
            "%s, template %s, tags %s"
                .formatted(
                    environment(profile), profile.template(), String.join(" ", profile.tags()))));
    membership
        .untouched()
        .forEach(other ->
            fields.add(
                new Card.Field(
                    "Not ours",
                    "VM %s %s: %s"
                        .formatted(other.guest().vmid(), other.guest().name(), other.why()))));
    if (!membership.complete()) {
      fields.add(
          new Card.Field(
              "View", "the token does not see every guest (VM.Audit on /vms is missing)"));
    }
    List<Button> buttons =
        health == Health.ABSENT
            ? List.of(Button.plain("Plan it", "cluster create " + profile.name()))
            : List.of();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cluster", profile.name().value());
    facts.put("environment", environment(profile));
    facts.put("health", word(health));
    facts.put("running", running);
    facts.put("wanted", profile.machines().size());
    facts.put("vms", members.stream().map(FleetAnswers::facts).toList());
    facts.put("seen_at", fleet.seenAt().toString());
    busy.ifPresent(operation -> facts.put("operation", operation.id()));
    return new Card(
        "answer",
        switch (health) {
          case ABSENT -> Card.Tone.NEUTRAL;
          case HEALTHY -> Card.Tone.GOOD;
          case DEGRADED -> Card.Tone.WARNING;
        },
        "%s  %s%s"
            .formatted(
                profile.name(), word(health).toUpperCase(Locale.ROOT), fleetAnswers.seen(fleet)),
        List.of(new Card.Fields(fields)),
        buttons,
        facts);
  }

  static Health health(ClusterProfile profile, Membership membership) {
    if (membership.members().isEmpty()) {
      return Health.ABSENT;
    }
    boolean allRun =
        membership.members().stream()
            .allMatch(guest -> guest.isRunning() && guest.lock().isEmpty());
    return allRun
            && membership.complete()
            && membership.members().size() >= profile.machines().size()
        ? Health.HEALTHY
        : Health.DEGRADED;
  }

  private static List<String> missing(ClusterProfile profile, List<Fleet.Guest> members) {
    return profile.machines().stream()
        .map(ClusterProfile.WantedMachine::name)
        .filter(name -> members.stream().noneMatch(guest -> guest.name().equals(name)))
        .toList();
  }

  private static String environment(ClusterProfile profile) {
    return profile.environment().name().toLowerCase(Locale.ROOT);
  }

  private static String word(Health health) {
    return health.name().toLowerCase(Locale.ROOT);
  }
}
