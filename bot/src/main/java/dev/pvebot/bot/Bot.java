package dev.pvebot.bot;

import dev.pvebot.bot.answers.Chosen;
import dev.pvebot.bot.answers.RunbookAnswers;
import dev.pvebot.bot.chat.ChatDesk;
import dev.pvebot.bot.chat.Chats;
import dev.pvebot.bot.chat.SlackChat;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.StoreSettings;
import dev.pvebot.bot.doctor.PveExamination;
import dev.pvebot.bot.gate.FreezeAtStart;
import dev.pvebot.bot.gate.Freezes;
import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.locks.LockPlans;
import dev.pvebot.bot.log.RedactingEncoder;
import dev.pvebot.bot.metrics.Measures;
import dev.pvebot.bot.people.Zones;
import dev.pvebot.bot.profiles.LiveSite;
import dev.pvebot.bot.profiles.ProfileActions;
import dev.pvebot.bot.progress.Announcer;
import dev.pvebot.bot.progress.FailureCards;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.bot.redaction.Discretion;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.router.GateWatch;
import dev.pvebot.bot.router.OperationBoard;
import dev.pvebot.bot.router.OperationDesk;
import dev.pvebot.bot.router.OperationPlans;
import dev.pvebot.bot.router.Records;
import dev.pvebot.bot.router.Router;
import dev.pvebot.bot.router.StaleDesk;
import dev.pvebot.bot.router.Telling;
import dev.pvebot.bot.schedule.ScheduleRunner;
import dev.pvebot.bot.session.CallDesk;
import dev.pvebot.bot.session.ConsoleHub;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Environment;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.integrations.git.GitFolder;
import dev.pvebot.integrations.secrets.Redactor;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.slack.SlackPlatform;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.engine.Engine;
import dev.pvebot.runbooks.engine.EngineClock;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.expression.StoredExpressions;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.plan.Plan;
import dev.pvebot.runbooks.planner.Planner;
import dev.pvebot.runbooks.planner.Replanner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program, put together. Reading [#open] from top to bottom is reading the parts list.
public final class Bot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Bot.class);

  /// How often overdue consents are looked for.
  private static final Duration WATCH_EVERY = Duration.ofSeconds(1);

  /// Least time between two edits of a head card on the console.
  private static final Duration CONSOLE_PACE = Duration.ofMillis(200);

  /// How many operations that ended before are looked at for lines that were not told.
  private static final int CATCH_UP = 100;

  private final Store store;
  private final Systems systems;
  private final Engine engine;
  private final ThreadTeller teller;
  private final Watch watch;
  private final ScheduleRunner schedules;
  private final ConsoleHub hub;
  private final CallDesk calls;
  private final Chatting chatting;
  private final Discretion discretion;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final EngineClock clock;

  /// The chats, and who answers them.
  private record Chatting(Chats chats, ChatDesk desk) {}

  /// What looks after operations that wait for people.
  private record Watch(GateWatch consents, StaleDesk stale, Router router) {}

  private Bot(
      Store store,
      Systems systems,
      Engine engine,
      ThreadTeller teller,
      Watch watch,
      ScheduleRunner schedules,
      ConsoleHub hub,
      CallDesk calls,
      Chatting chatting,
      Discretion discretion,
      EngineClock clock) {
    this.store = store;
    this.systems = systems;
    this.engine = engine;
    this.teller = teller;
    this.watch = watch;
    this.schedules = schedules;
    this.hub = hub;
    this.calls = calls;
    this.chatting = chatting;
    this.discretion = discretion;
    this.clock = clock;
  }

  /// Makes a bot of a configuration; nothing runs yet.
  ///
  /// @throws dev.pvebot.runbooks.engine.journal.JournalUnavailable when the store cannot be opened,
  ///   for example because another process owns it
  /// @throws dev.pvebot.integrations.secrets.SecretUnavailable when a secret cannot be read
  public static Bot open(BotConfig config, Site site) throws InterruptedException {
    return open(config, site, EngineClock.system());
  }

  /// The same with another clock, by which consents expire and everything is dated.
  public static Bot open(BotConfig config, Site site, EngineClock clock)
      throws InterruptedException {
    Path folder = config.file().resolveSibling(".").normalize();
    Redactor redactor = new Redactor();
    RedactingEncoder.redactWith(redactor::redact);
    Discretion discretion = new Discretion(redactor::redact);
    SecretResolver secrets =
        new SecretResolver(folder, System.getenv(), Duration.ofSeconds(20), redactor);
    Store store = Store.open(StoreSettings.of(config, secrets), Store.Role.OWNER, clock);
    try {
      Systems systems = Systems.connect(site, config, secrets, clock);
      Library library = config.runbooks().map(Library::load).orElseGet(Library::load);
      GitFolder git = new GitFolder(config.site());
      LiveSite live = new LiveSite(config.site(), Path.of(System.getProperty("user.home")), site);
      LiveVocabulary vocabulary = new LiveVocabulary(Vocabulary.of(live, library), systems::newest);

      ConsoleHub hub = new ConsoleHub(clock.instant());
      List<ChatPlatform> adapters = new ArrayList<>();
      if (config.chat().slack().isPresent()) {
        adapters.add(
            discretion.platform(
                new SlackPlatform(
                    SlackChat.settings(config.chat().slack().get(), secrets), clock)));
      }
      Chats chats = new Chats(discretion.platform(hub), adapters, store.threads());
      Zones zones = new Zones(config.zone(), config.zones(), clock);
      OperationCards cards =
          new OperationCards(
              zones, new FailureCards(new LiveTargets(systems), plan -> rollsBack(library, plan)));
      ThreadTeller teller =
          new ThreadTeller(
              store.journal(),
              store.threads(),
              store.watches(),
              cards,
              chats::named,
              redactor::redact,
              clock,
              CONSOLE_PACE);

      LockPlans lockPlans = new LockPlans(store.journal(), store.locks(), teller::catchUp);
      List<Action<?, ?>> ours = new ArrayList<>(lockPlans.actions());
      ours.addAll(
          ProfileActions.of(
              new ProfileActions.Place(
                  live,
                  git,
                  store.journal(),
                  profile -> Chosen.madeFor(profile, store.journal()))));
      Actions actions =
          discretion.actions(InstructionSet.of(systems.pve(), clock, config.pace(), ours));

      Expressions expressions = new Expressions();
      StoredExpressions stored = new StoredExpressions(expressions);
      Planner planner = new Planner(actions, expressions);
      LivePlanDesk plans =
          new LivePlanDesk(
              live, git, library, planner, systems, config.self(), store.journal(), clock);

      Records records = new Records(store.journal(), store.locks(), store.threads(), store.audit());
      Announcer announcer = new Announcer(chats::named, config.notices());
      Telling telling = new Telling(cards, teller, announcer, zones);
      StaleDesk stale = new StaleDesk(store.journal(), store.threads(), announcer, clock);
      Freezes freezes =
          new Freezes(config.freezes(), config.zone(), name -> environment(live, name), clock);
      Engine engine =
          new Engine(
              new Engine.Ports(
                  store.journal(),
                  store.locks(),
                  store.dispatch(),
                  actions,
                  discretion.tasks(systems.pve().tasks()),
                  stored,
                  new SecretFiles(folder.resolve("secrets-of-operations"), redactor),
                  new FreezeAtStart(freezes, new Replanner(actions, stored, plans::look)),
                  event -> {
                    teller.happened(event);
                    stale.happened(event);
                  },
                  clock,
                  RandomGenerator.getDefault(),
                  Paced.engine(config.pace())));
      GateDesk gates =
          new GateDesk(
              store.journal(),
              store.approvals(),
              store.audit(),
              new GateDesk.Rules(config.rights(), freezes, config.approvals().expire()),
              zones,
              clock,
              engine::submit);
      OperationBoard board = new OperationBoard(records, gates, telling, clock);
      OperationDesk operations =
          new OperationDesk(records, gates, config.rights(), telling, board, clock, engine);
      Questions questions =
          new Questions(site, live, systems, store, redactor::redact, clock, teller::lastHeard);
      Answers answers =
          questions.desk(
              vocabulary,
              config.rights(),
              new SiteCheck(new PveExamination(site, systems.pve(), actions, config.pace(), clock)),
              new RunbookAnswers(library));
      Router router =
          new Router(
              discretion::heard,
              vocabulary,
              answers,
              plans,
              operations,
              board,
              new OperationPlans(store.journal(), plans, lockPlans),
              cards,
              config.rights());
      ScheduleRunner schedules =
          new ScheduleRunner(
              store.schedules(),
              router::handle,
              config.rights(),
              (where, card) ->
                  chats
                      .named(where.platform())
                      .map(platform -> platform.post(where, card))
                      .orElseGet(() -> new ChatPlatform.Posted(where, "")),
              clock);
      CallDesk calls =
          new CallDesk(
              router,
              hub,
              teller,
              store.journal(),
              store.audit(),
              config.rights(),
              config.trustConsole(),
              config.consoleUsers());
      ChatDesk desk =
          new ChatDesk(
              config.chat(),
              config.rights(),
              chats,
              router,
              new ChatDesk.Memory(store.journal(), store.threads(), store.leases()),
              teller,
              vocabulary::catalog,
              discretion,
              clock);
      return new Bot(
          store,
          systems,
          engine,
          teller,
          new Watch(new GateWatch(gates, records, telling, clock), stale, router),
          schedules,
          hub,
          calls,
          new Chatting(chats, desk),
          discretion,
          clock);
    } catch (RuntimeException | InterruptedException failure) {
      store.close();
      throw failure;
    }
  }

  private static boolean rollsBack(Library library, Plan plan) {
    return !plan.intent().equals(Planner.ROLLBACK)
        && library
            .named(plan.runbook())
            .filter(runbook -> !runbook.rollback().isEmpty())
            .isPresent();
  }

  private static Optional<Environment> environment(LiveSite site, String cluster) {
    return site.get().profile(new ClusterName(cluster)).map(ClusterProfile::environment);
  }

  /// Begins to run operations, first those that a process before this one left.
  public void start() {
    engine.start();
    store.journal().operations(Journal.Filter.open()).forEach(teller::catchUp);
    store.journal().operations(Journal.Filter.all(CATCH_UP)).stream()
        .filter(operation -> operation.state().isFinal())
        .forEach(teller::catchUp);
    Thread.ofVirtual().name("watch-consents").start(this::watchConsents);
    Thread.ofVirtual().name("ask-again").start(() -> watch.stale().run(watch.router()));
    systems.learnNames(clock, closed);
    schedules.start(closed);
    chatting.chats().start(chatting.desk());
  }

  private void watchConsents() {
    while (!closed.isDone()) {
      try {
        watch.consents().look();
        clock.sleep(WATCH_EVERY, closed);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException failure) {
        if (closed.isDone()) {
          return; // the store closes under the last look
        }
        log.warn("consents could not be looked after: {}", failure.getMessage());
      }
    }
  }

  /// Answers one call of the command line.
  ///
  /// @param user the Unix user who calls
  public int call(Call call, String user, Consumer<Answer> answers) throws InterruptedException {
    return calls.handle(call, user, discretion.answers(answers));
  }

  /// The figures of this bot, from now on.
  public Measures measures() {
    Measures measures = new Measures(store.journal(), systems.pve().tasks()::lags);
    systems.pve().caller().observe(measures);
    return measures;
  }

  /// The console, for who watches.
  public ConsoleHub hub() {
    return hub;
  }

  @Override
  public void close() {
    closed.complete(null);
    watch.stale().close();
    engine.close();
    teller.close();
    chatting.chats().close();
    hub.close();
    systems.close();
    store.close();
  }
}
