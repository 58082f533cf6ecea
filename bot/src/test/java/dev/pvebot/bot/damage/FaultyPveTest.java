package dev.pvebot.bot.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfigReader;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import dev.pvebot.runbooks.operation.Question;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A Proxmox VE that answers nonsense, half of it, errors, or nothing: whatever it is, people get a
/// card that says what is wrong, no operation is lost, nothing is done twice, no lock stays.
@Execution(ExecutionMode.CONCURRENT)
class FaultyPveTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /// @param spoilsReads whether a question cannot be answered while every read meets it
  record Kind(String name, Fault fault, boolean spoilsReads) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind("HTML", new Fault.Html(), true),
        new Kind("half JSON, announced", new Fault.HalfJson(true), true),
        new Kind("half JSON", new Fault.HalfJson(false), true),
        new Kind("500", new Fault.Status(500, "got no worker upid - start worker failed"), true),
        new Kind("503", new Fault.Status(503, "Service Unavailable"), true),
        new Kind("595", new Fault.Status(595, "No route to host"), true),
        new Kind("596 after acting", new Fault.StatusAfterActing(596, "Broken pipe"), true),
        new Kind("reset", new Fault.Reset(false), true),
        new Kind("reset after acting", new Fault.Reset(true), true),
        new Kind("401", new Fault.Expired(), true),
        new Kind("no rights", new Fault.WithoutRights(), false));
  }

  @TempDir Path folder;
  private Lab lab;
  private Bot bot;
  private Store beside;

  @BeforeEach
  void start() throws InterruptedException {
    lab = LabServer.start(LabConfig.isolated().withSpeed(100), folder);
    bot =
        Bot.open(
            ((BotConfigReader.Result.Read) BotConfigReader.read(folder.resolve("pvebot.yaml")))
                .config(),
            ((SiteReader.Result.Loaded) new SiteReader(folder).read(folder.resolve("site")))
                .sites()
                .getFirst());
    bot.start();
    beside =
        Store.open(
            StoreConfig.sqlite(folder.resolve("pvebot.db")),
            Store.Role.BESIDE,
            InstantSource.system());
  }

  @AfterEach
  void stop() {
    beside.close();
    bot.close();
    lab.close();
  }

  private record Said(int exit, List<Card> cards) {
    Card last() {
      return cards.getLast();
    }
  }

  private Said say(String text) throws InterruptedException {
    List<Card> cards = new ArrayList<>();
    int exit =
        bot.call(
            new Call("say", text, Optional.of("alice"), "infra", Optional.empty(), false),
            "nobody",
            answer -> {
              if (answer instanceof Answer.Shown shown) {
                cards.add(shown.card());
              }
            });
    return new Said(exit, cards);
  }

  private Operation operation(long id) {
    return beside.journal().operation(id).orElseThrow();
  }

  private boolean rests(long id) {
    return operation(id).state().isFinal()
        || operation(id).state() == OperationState.PAUSED
        || beside.journal().questions(id).stream()
            .map(Question::answer)
            .anyMatch(Optional::isEmpty);
  }

  private static void assertReadable(Card card) {
    assertThat(card.title()).isNotBlank();
    assertThat(card.toString()).doesNotContain("Exception", "<html", "<!DOCTYPE", "null");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void question_getsACardThatCanBeRead_andRecoversByItself(Kind kind) throws Exception {
    lab.faults().arm(Matcher.always("GET", ""), kind.fault());
    Said said = say("vm show 1031");
    said.cards().forEach(FaultyPveTest::assertReadable);
    assertThat(said.cards()).isNotEmpty();
    lab.faults().disarmAll();
    assertThat(say("vm show 1031").exit()).isZero();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void plan_isNotMadeOfWhatCannotBeRead(Kind kind) throws Exception {
    lab.faults().arm(Matcher.always("GET", ""), kind.fault());
    Said said = say("start 1033");
    said.cards().forEach(FaultyPveTest::assertReadable);
    if (kind.spoilsReads()) {
      assertThat(said.exit()).as(said.toString()).isEqualTo(1);
      assertThat(said.last().tone()).isEqualTo(Card.Tone.BAD);
      assertThat(said.last().body()).as("says what to do").isNotEmpty();
      assertThat(beside.journal().census()).isEmpty();
    }
    lab.faults().disarmAll();
    assertThat(say("start 1033").cards()).anyMatch(card -> card.kind().equals("plan"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void change_isNeitherLostNorDoneTwice_andLeavesNoLock(Kind kind) throws Exception {
    lab.faults().arm(Matcher.once("POST", "/qemu/1033/status/start$"), kind.fault());
    Said plan = say("start 1033");
    plan.cards().forEach(FaultyPveTest::assertReadable);
    say("approve 1");
    awaitRest(1);
    say("op show 1").cards().forEach(FaultyPveTest::assertReadable);
    if (!lab.guest(1033).orElseThrow().running()) {
      assertThat(operation(1).state()).isNotEqualTo(OperationState.SUCCEEDED);
      say("retry 1");
      awaitRest(1);
    }
    if (!lab.guest(1033).orElseThrow().running()) {
      // what went on after the failure has ended: then it is asked for again
      say("start 1033");
      say("approve 2");
      awaitRest(2);
    }
    assertThat(lab.guest(1033).orElseThrow().running()).isTrue();
    assertThat(lab.ledger().effects("started", 1033)).hasSize(1);
    assertThat(beside.locks().all()).isEmpty();
    assertThat(lab.defects()).isEmpty();
  }

  private void awaitRest(long id) {
    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> rests(id));
  }
}
