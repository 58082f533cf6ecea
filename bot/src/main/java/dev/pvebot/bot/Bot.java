package dev.pvebot.bot;

import dev.pvebot.bot.answers.RunbookAnswers;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.StoreSettings;
import dev.pvebot.bot.doctor.PveExamination;
import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.log.RedactingEncoder;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.bot.redaction.Discretion;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.bot.router.OperationDesk;
import dev.pvebot.bot.router.Router;
import dev.pvebot.bot.schedule.ScheduleRunner;
import dev.pvebot.bot.session.CallDesk;
import dev.pvebot.bot.session.ConsoleHub;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.integrations.secrets.Redactor;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.engine.Engine;
import dev.pvebot.runbooks.engine.EngineClock;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.expression.StoredExpressions;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.planner.Planner;
import dev.pvebot.runbooks.planner.Replanner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program, put together. Reading [#open] from top to bottom is reading the parts list.
public final class Bot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Bot.class);

  /// How often overdue consents are looked for.
  private static final Duration EXPIRE_EVERY = Duration.ofSeconds(1);

  /// Least time between two edits of a head card on the console.
  private static final Duration CONSOLE_PACE = Duration.ofMillis(200);

  /// How many operations that ended before are looked at for lines that were not told.
  private static final int CATCH_UP = 100;

  private final Store store;
  private final Systems systems;
  private final Engine engine;
  private final ThreadTeller teller;
  private final GateDesk gates;
  private final ScheduleRunner schedules;
  private final ConsoleHub hub;
  private final CallDesk calls;
  private final Discretion discretion;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final EngineClock clock;

  private Bot(
      Store store,
      Systems systems,
      Engine engine,
      ThreadTeller teller,
      GateDesk gates,
      ScheduleRunner schedules,
      ConsoleHub hub,
      CallDesk calls,
      Discretion discretion,
      EngineClock clock) {
    this.store = store;
    this.systems = systems;
    this.engine = engine;
    this.teller = teller;
    this.gates = gates;
    this.schedules = schedules;
    this.hub = hub;
    this.calls = calls;
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
      Actions actions = discretion.actions(InstructionSet.of(systems.pve(), clock, config.pace()));
      Library library = config.runbooks().map(Library::load).orElseGet(Library::load);
      LiveVocabulary vocabulary = new LiveVocabulary(Vocabulary.of(site, library), systems::newest);

      Expressions expressions = new Expressions();
      StoredExpressions stored = new StoredExpressions(expressions);
      Planner planner = new Planner(actions, expressions);
      LivePlanDesk plans =
          new LivePlanDesk(site, library, planner, systems, store.journal(), clock);

      ConsoleHub hub = new ConsoleHub(clock.instant());
      ChatPlatform console = discretion.platform(hub);
      Function<String, Optional<ChatPlatform>> platforms =
          name -> name.equals(hub.name()) ? Optional.of(console) : Optional.empty();
      OperationCards cards = new OperationCards(ZoneId.systemDefault());
      ThreadTeller teller =
          new ThreadTeller(
              store.journal(),
              store.threads(),
              store.watches(),
              cards,
              platforms,
              redactor::redact,
              clock,
              CONSOLE_PACE);
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
                  new Replanner(actions, stored, plans::look),
                  teller,
                  clock,
                  RandomGenerator.getDefault(),
                  Paced.engine(config.pace())));
      GateDesk gates =
          new GateDesk(
              store.journal(),
              store.approvals(),
              store.audit(),
              config.rights(),
              config.approvals().expire(),
              clock,
              engine::submit);
      OperationDesk operations =
          new OperationDesk(
              store.journal(),
              store.locks(),
              store.threads(),
              store.audit(),
              gates,
              config.rights(),
              cards,
              teller,
              clock,
              engine);
      Questions questions =
          new Questions(site, systems, store, redactor::redact, clock, teller::lastHeard);
      Answers answers =
          questions.desk(
              vocabulary,
              config.rights(),
              new SiteCheck(new PveExamination(site, systems.pve(), actions, config.pace(), clock)),
              new RunbookAnswers(library));
      Router router =
          new Router(
              discretion::heard, vocabulary, answers, plans, operations, cards, config.rights());
      ScheduleRunner schedules =
          new ScheduleRunner(
              store.schedules(),
              router::handle,
              config.rights(),
              (where, card) ->
                  platforms
                      .apply(where.platform())
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
      return new Bot(
          store, systems, engine, teller, gates, schedules, hub, calls, discretion, clock);
    } catch (RuntimeException | InterruptedException failure) {
      store.close();
      throw failure;
    }
  }

  /// Begins to run operations, first those that a process before this one left.
  public void start() {
    engine.start();
    store.journal().operations(Journal.Filter.open()).forEach(teller::catchUp);
    store.journal().operations(Journal.Filter.all(CATCH_UP)).stream()
        .filter(operation -> operation.state().isFinal())
        .forEach(teller::catchUp);
    Thread.ofVirtual().name("expire-consents").start(this::expire);
    systems.learnNames(clock, closed);
    schedules.start(closed);
  }

  private void expire() {
    while (!closed.isDone()) {
      try {
        for (Operation operation : gates.expire()) {
          teller.refresh(operation.id());
        }
        clock.sleep(EXPIRE_EVERY, closed);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException failure) {
        log.warn("overdue consents could not be looked for: {}", failure.getMessage());
      }
    }
  }

  /// Answers one call of the command line.
  ///
  /// @param user the Unix user who calls
  public int call(Call call, String user, Consumer<Answer> answers) throws InterruptedException {
    return calls.handle(call, user, discretion.answers(answers));
  }

  /// The console, for who watches.
  public ConsoleHub hub() {
    return hub;
  }

  @Override
  public void close() {
    closed.complete(null);
    engine.close();
    teller.close();
    hub.close();
    systems.close();
    store.close();
  }
}
