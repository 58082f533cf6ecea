package dev.pvebot.bot;

import dev.pvebot.bot.answers.Chosen;
import dev.pvebot.bot.answers.ClusterAnswers;
import dev.pvebot.bot.answers.Console;
import dev.pvebot.bot.answers.FleetAnswers;
import dev.pvebot.bot.answers.FleetDesk;
import dev.pvebot.bot.answers.GuestLists;
import dev.pvebot.bot.answers.GuestShow;
import dev.pvebot.bot.answers.HelpAnswers;
import dev.pvebot.bot.answers.NodeStatus;
import dev.pvebot.bot.answers.ProfileForm;
import dev.pvebot.bot.answers.RunbookAnswers;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.answers.SiteStatus;
import dev.pvebot.bot.answers.Validate;
import dev.pvebot.bot.answers.history.Changes;
import dev.pvebot.bot.answers.history.OurTasks;
import dev.pvebot.bot.answers.history.Watch;
import dev.pvebot.bot.answers.history.Why;
import dev.pvebot.bot.answers.history.WhyGuest;
import dev.pvebot.bot.answers.history.WhyOperation;
import dev.pvebot.bot.answers.storage.BackupAnswers;
import dev.pvebot.bot.answers.storage.Orphans;
import dev.pvebot.bot.answers.storage.StorageAnswers;
import dev.pvebot.bot.answers.task.TaskAnswers;
import dev.pvebot.bot.answers.task.TaskWait;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.profiles.LiveSite;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.schedule.ScheduleDesk;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Everybody who answers questions, put together.
final class Questions {
  private final Site site;
  private final LiveSite live;
  private final Pve pve;
  private final Store store;
  private final UnaryOperator<String> redact;
  private final InstantSource clock;
  private final Sight sight;

  /// @param site as it was when pvebot was started: its nodes do not change while it runs
  /// @param redact takes secrets out of a text
  /// @param lastChange when one of our operations last changed something
  Questions(
      Site site,
      LiveSite live,
      Systems systems,
      Store store,
      UnaryOperator<String> redact,
      InstantSource clock,
      Supplier<Instant> lastChange) {
    this.site = site;
    this.live = live;
    this.pve = systems.pve();
    this.store = store;
    this.redact = redact;
    this.clock = clock;
    this.sight = new Sight(systems, clock, lastChange);
  }

  Answers desk(
      LiveVocabulary vocabulary, Rights rights, Supplier<Card> check, RunbookAnswers runbooks) {
    Chosen chosen = new Chosen(live, store.journal());
    FleetAnswers fleetAnswers = new FleetAnswers(clock);
    OurTasks ours = new OurTasks(store.journal());
    Function<Person, ZoneId> zones = _ -> ZoneId.systemDefault();
    WhyOperation whyOperation =
        new WhyOperation(store.journal(), store.locks(), store.approvals(), zones);
    return new FleetDesk(
        live,
        sight,
        store.journal(),
        fleetAnswers,
        new ClusterAnswers(fleetAnswers, chosen, ZoneId.systemDefault()),
        runbooks,
        check,
        List.of(
            new HelpAnswers(vocabulary::catalog, rights),
            new SiteStatus(site, sight, pve, store.journal()),
            new NodeStatus(sight, pve),
            new Validate(live, live::onDisk, sight, pve, chosen, store.journal(), clock),
            new ProfileForm(live, chosen, sight),
            new GuestLists(sight, chosen, fleetAnswers),
            new GuestShow(sight, pve, fleetAnswers),
            new Console(site, sight, fleetAnswers),
            new StorageAnswers(sight, pve),
            new Orphans(sight, pve),
            new BackupAnswers(chosen, sight, pve),
            new TaskAnswers(sight, pve, redact, ours::lookup),
            new TaskWait(pve.tasks(), redact, clock),
            new Changes(sight, pve, ours, zones, redact),
            new Why(
                sight,
                store.journal(),
                new WhyGuest(live, sight, pve, ours, whyOperation, redact),
                whyOperation,
                fleetAnswers),
            new Watch(store.journal(), store.watches(), store.threads(), clock),
            new ScheduleDesk(store.schedules(), store.audit(), vocabulary, rights, zones, clock)));
  }
}
