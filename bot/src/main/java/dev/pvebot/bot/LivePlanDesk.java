package dev.pvebot.bot;

import dev.pvebot.bot.answers.Chosen;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.router.PlanDesk;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Backup;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.fleet.GuestSnapshot;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.Command;
import dev.pvebot.integrations.git.GitFolder;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.planner.Planner;
import dev.pvebot.runbooks.planner.PlanningWorld;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Plans commands by the library's runbooks on a fresh look at the site.
final class LivePlanDesk implements PlanDesk {
  private final Supplier<Site> site;
  private final GitFolder repository;
  private final Library library;
  private final Planner planner;
  private final Systems systems;
  private final BotConfig.Self self;
  private final Journal journal;
  private final InstantSource clock;

  LivePlanDesk(
      Supplier<Site> site,
      GitFolder repository,
      Library library,
      Planner planner,
      Systems systems,
      BotConfig.Self self,
      Journal journal,
      InstantSource clock) {
    this.site = site;
    this.repository = repository;
    this.library = library;
    this.planner = planner;
    this.systems = systems;
    this.self = self;
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public Planned plan(Command command) throws InterruptedException {
    Optional<Runbook> runbook = library.forIntent(command.intent());
    if (runbook.isEmpty()) {
      return new Planned.NoRunbook();
    }
    return planned(planner.plan(runbook.get(), said(command, runbook.get()), look()));
  }

  @Override
  public Planned rollback(Operation failed) throws InterruptedException {
    Optional<Runbook> runbook = library.named(failed.plan().runbook());
    if (runbook.filter(known -> !known.rollback().isEmpty()).isEmpty()) {
      return new Planned.Refused(
          "The runbook %s has no rollback".formatted(failed.plan().runbook()),
          List.of("`op show %d` says what was done.".formatted(failed.id())),
          false);
    }
    return planned(planner.planRollback(runbook.get(), failed.plan().params(), look()));
  }

  private static Planned planned(dev.pvebot.runbooks.planner.Planned planned) {
    return switch (planned) {
      case dev.pvebot.runbooks.planner.Planned.Ready ready -> new Planned.Ready(ready.plan());
      case dev.pvebot.runbooks.planner.Planned.Refused refused ->
          new Planned.Refused(
              refused.title(),
              refused.reasons().stream()
                  .map(dev.pvebot.runbooks.planner.Planned.Reason::sentence)
                  .toList(),
              refused.done());
    };
  }

  /// Why something is asked for is kept with what was said; few runbooks care.
  private static Map<String, Object> said(Command command, Runbook runbook) {
    Map<String, Object> said = new TreeMap<>(command.ownArgs());
    if (runbook.param("reason").isEmpty()) {
      said.remove("reason");
    }
    return said;
  }

  /// The site as it is now.
  ///
  /// @throws dev.pvebot.runbooks.action.ActionFailure when it cannot be read
  PlanningWorld look() throws InterruptedException {
    try {
      return new Look(site.get(), systems.pve().fleet().fresh());
    } catch (PveFailure failure) {
      throw failure.toActionFailure();
    }
  }

  private final class Look implements PlanningWorld {
    private final Site site;
    private final Fleet fleet;
    private final Map<Vmid, Optional<GuestDetail>> details = new HashMap<>();

    private Look(Site site, Fleet fleet) {
      this.site = site;
      this.fleet = fleet;
    }

    @Override
    public Site site() {
      return site;
    }

    @Override
    public Fleet fleet() {
      return fleet;
    }

    @Override
    public Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException {
      Optional<GuestDetail> known = details.get(vmid);
      if (known == null) {
        known = systems.detail(vmid);
        details.put(vmid, known);
      }
      return known;
    }

    @Override
    public List<GuestSnapshot> snapshots(Vmid vmid) throws InterruptedException {
      return systems.pve().keepsakes().snapshots(vmid);
    }

    @Override
    public List<Backup> backups(Vmid vmid) throws InterruptedException {
      return systems.pve().keepsakes().backups(vmid, fleet);
    }

    @Override
    public List<Departure> departed(NodeName node) {
      return new WayHome(journal).to(node);
    }

    @Override
    public Set<Vmid> reserved() {
      return journal.unavailableVmids(clock.instant());
    }

    @Override
    public Set<Vmid> createdByUs(ClusterName profile) {
      return Chosen.madeFor(profile, journal);
    }

    @Override
    public Optional<Vmid> ownVm() {
      return self.vm().or(() -> OwnVm.find(fleet));
    }

    @Override
    public Optional<NodeName> ownNode() {
      return self.node().or(() -> PlanningWorld.super.ownNode());
    }

    @Override
    public boolean inRepository() {
      return repository.exists();
    }

    @Override
    public Set<String> ownStorages() {
      return Set.copyOf(self.storages());
    }
  }
}
