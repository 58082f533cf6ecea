package dev.pvebot.bot.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.Journal.Order;
import dev.pvebot.runbooks.engine.journal.Journal.Transition;
import dev.pvebot.runbooks.engine.journal.Plans;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class ThreadTellerTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:01:00Z");
  private static final String PAUSE = "alice asked to pause";
  private static final String CANCEL = "alice asked to cancel";

  @TempDir private Path folder;
  private Store store;
  private Operation operation;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  @BeforeEach
  void queueAnOperation() {
    store =
        Store.open(
            StoreConfig.sqlite(folder.resolve("pvebot.db")),
            Store.Role.OWNER,
            InstantSource.fixed(NOW));
    operation =
        ((Journal.Creation.Created)
                store
                    .journal()
                    .create(
                        new Journal.Draft(
                            Plans.plan("start 1031").plan(),
                            Plans.ALICE,
                            "start 1031",
                            Plans.INFRA),
                        NOW))
            .operation();
    store
        .journal()
        .move(
            operation.id(),
            Set.of(OperationState.PLANNED),
            Transition.to(OperationState.QUEUED, NOW));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ThreadTeller teller() {
    ChatPlatform platform = Mockito.mock(ChatPlatform.class);
    Mockito.when(platform.post(Mockito.any(), Mockito.any()))
        .thenAnswer(call -> {
          if (away) {
            throw new IllegalStateException("the platform is away");
          }
          lines.add(call.getArgument(1, Card.class).title());
          return new Posted(call.getArgument(0, Conversation.class), "1");
        });
    return new ThreadTeller(
        store.journal(),
        store.threads(),
        store.watches(),
        new OperationCards(ZoneOffset.UTC),
        _ -> Optional.of(platform),
        text -> text,
        InstantSource.fixed(NOW),
        Duration.ofMillis(1));
  }

  private Event order(Order order) {
    return store
        .journal()
        .order(operation.id(), order, Plans.ALICE, Optional.empty(), NOW)
        .orElseThrow();
  }

  private void awaitTold(ThreadTeller teller) throws Exception {
    teller.told(operation.id()).get(30, TimeUnit.SECONDS);
  }

  @Test
  void lineThatWasOnItsWayWhenTheBotDied_isToldAgain_andSaysSo() throws Exception {
    Event pause = order(Order.PAUSE);
    store.threads().posting(operation.id(), ThreadTeller.thread(operation), pause.seq());
    try (ThreadTeller successor = teller()) {
      successor.catchUp(operation);
      awaitTold(successor);
    }
    assertThat(lines).containsExactly(ThreadTeller.PERHAPS_TOLD + PAUSE);
  }

  @Test
  void whatAnEarlierProcessDidNotTell_comesBeforeWhatHappensNow() throws Exception {
    order(Order.PAUSE);
    try (ThreadTeller successor = teller()) {
      successor.happened(order(Order.CANCEL));
      successor.catchUp(operation);
      awaitTold(successor);
    }
    assertThat(lines).containsExactly(PAUSE, CANCEL);
  }

  @Test
  void whatHasArrived_isNotToldAgain() throws Exception {
    order(Order.PAUSE);
    try (ThreadTeller first = teller()) {
      first.catchUp(operation);
      awaitTold(first);
    }
    try (ThreadTeller successor = teller()) {
      successor.catchUp(operation);
      successor.happened(order(Order.CANCEL));
      awaitTold(successor);
    }
    assertThat(lines).containsExactly(PAUSE, CANCEL);
  }

  @Test
  void lineThatThePlatformDidNotTake_comesWhenItTakesLinesAgain() throws Exception {
    try (ThreadTeller teller = teller()) {
      away = true;
      teller.happened(order(Order.PAUSE));
      teller.happened(order(Order.CANCEL));
      var told = teller.told(operation.id());
      assertThat(told).isNotDone();
      away = false;
      told.get(30, TimeUnit.SECONDS);
    }
    assertThat(lines).endsWith(CANCEL).hasSize(2);
    assertThat(lines.getFirst()).endsWith(PAUSE);
  }
}
