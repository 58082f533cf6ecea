package dev.pvebot.bot.answers.history;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.engine.journal.Watches;
import dev.pvebot.runbooks.operation.Event;
import dev.pvebot.runbooks.operation.Operation;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `watch`: this conversation hears of an operation that was asked for elsewhere, from now on and
/// over restarts. Saying it again ends it.
public final class Watch implements Answers {
  private static final int MOST_BUTTONS = 5;

  private final Journal journal;
  private final Watches watches;
  private final ThreadLog threads;
  private final InstantSource clock;

  public Watch(Journal journal, Watches watches, ThreadLog threads, InstantSource clock) {
    this.journal = journal;
    this.watches = watches;
    this.threads = threads;
    this.clock = clock;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) {
    if (!command.intent().equals("watch")) {
      return Optional.empty();
    }
    List<Operation> open = journal.operations(Journal.Filter.open());
    Optional<Long> id = Said.number(command, "op");
    Optional<String> lock = lock(command, id);
    if (id.isPresent() && lock.isEmpty()) {
      return Optional.of(
          journal
              .operation(id.get())
              .map(operation -> watch(operation, asker))
              .orElseGet(() ->
                  Card.of(
                      "refusal",
                      Card.Tone.WARNING,
                      "There is no operation %d".formatted(id.get()),
                      "`op list` shows what there is.")));
    }
    List<Operation> meant =
        open.stream()
            .filter(operation -> lock.map(name -> concerns(operation, name)).orElse(true))
            .toList();
    return Optional.of(
        lock.isPresent() && meant.size() == 1
            ? watch(meant.getFirst(), asker)
            : which(meant, lock));
  }

  /// What is watched when no operation was named. A number that no operation has may be a VM's.
  private Optional<String> lock(Command command, Optional<Long> id) {
    return id.filter(number -> number >= Vmid.MIN && journal.operation(number).isEmpty())
        .map(number -> "vm/" + number)
        .or(() -> Said.text(command, "cluster").map(name -> "cluster/" + name))
        .or(() -> Said.vm(command).map(vmid -> "vm/" + vmid))
        .or(() -> Said.node(command).map(node -> "node/" + node));
  }

  private static boolean concerns(Operation operation, String lock) {
    return operation.plan().locks().stream().anyMatch(key -> key.name().equals(lock));
  }

  private static Card which(List<Operation> operations, Optional<String> lock) {
    return new Card(
        "question",
        Card.Tone.NEUTRAL,
        operations.isEmpty()
            ? "No operation is open%s, so there is nothing to watch"
                .formatted(lock.map(name -> " on " + name.replace('/', ' ')).orElse(""))
            : "Which operation?",
        List.of(),
        operations.stream()
            .limit(MOST_BUTTONS)
            .map(operation ->
                Button.plain(
                    "%d %s".formatted(operation.id(), operation.plan().title()),
                    "watch op " + operation.id()))
            .toList(),
        Map.of());
  }

  private Card watch(Operation operation, Asker asker) {
    if (operation.state().isFinal()) {
      return new Card(
          "answer",
          Card.Tone.NEUTRAL,
          "Operation %d · %s · %s already"
              .formatted(operation.id(), operation.plan().title(), operation.state().words()),
          List.of(),
          List.of(Button.plain("Show record", "op show " + operation.id())),
          Map.of("operation", operation.id(), "watching", false));
    }
    boolean begun = watches.add(operation.id(), asker.where(), asker.person(), clock.instant());
    if (begun) {
      // what happened before is on the card; only what comes now is told
      long last = journal.events(operation.id(), 0).stream().mapToLong(Event::seq).max().orElse(0);
      threads.posted(operation.id(), asker.where(), last);
    } else {
      watches.remove(operation.id(), asker.where());
    }
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "Operation %d · %s · %s · %s"
            .formatted(
                operation.id(),
                operation.plan().title(),
                operation.state().words(),
                begun ? "told here from now on" : "not told here any more"),
        List.of(),
        List.of(
            Button.plain("Show it", "op show " + operation.id()),
            Button.plain(begun ? "Stop watching" : "Watch again", "watch op " + operation.id())),
        Map.of("operation", operation.id(), "watching", begun));
  }
}
