package dev.pvebot.bot.answers.task;

import dev.pvebot.bot.answers.Said;
import dev.pvebot.bot.answers.Sight;
import dev.pvebot.bot.figures.Figures;
import dev.pvebot.bot.router.Answers;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Command;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.api.PveFailure;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.task.TaskRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// `task.list` and `task.log`.
public final class TaskAnswers implements Answers {
  private static final Duration LISTED = Duration.ofHours(24);
  private static final int MOST_ROWS = 20;

  /// A log may have a hundred thousand lines; its end says what came of it.
  private static final int TAIL = 25;

  private static final int PART = 5000;
  private static final int WIDEST_LINE = 300;

  private final Sight sight;
  private final Pve pve;
  private final UnaryOperator<String> redact;
  private final Supplier<Function<Upid, Optional<Long>>> operations;

  /// @param redact takes secrets out of a text
  /// @param operations knows which operation of ours started a task; asked anew for each answer
  public TaskAnswers(
      Sight sight,
      Pve pve,
      UnaryOperator<String> redact,
      Supplier<Function<Upid, Optional<Long>>> operations) {
    this.sight = sight;
    this.pve = pve;
    this.redact = redact;
    this.operations = operations;
  }

  @Override
  public Optional<Card> answer(Command command, Asker asker) throws InterruptedException {
    return switch (command.intent()) {
      case "task.list" -> Optional.of(list(command));
      case "task.log" -> Optional.of(log(command));
      default -> Optional.empty();
    };
  }

  private Card list(Command command) throws InterruptedException {
    Sight.Seen seen = sight.fleet();
    Optional<NodeName> node = Said.node(command);
    Optional<String> state = Said.text(command, "state");
    Optional<Vmid> vmid = Said.vm(command);
    Instant since = sight.now().minus(LISTED);
    Map<NodeName, Callable<List<TaskRow>>> readings = new LinkedHashMap<>();
    seen.fleet().nodes().stream()
        .map(each -> each.name())
        .filter(each -> node.map(each::equals).orElse(true))
        .forEach(each ->
            readings.put(
                each,
                () ->
                    state.filter("running"::equals).isPresent()
                        ? pve.taskLists().running(each)
                        : pve.taskLists().since(each, since)));
    List<TaskRow> rows = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<NodeName, Part<List<TaskRow>>> each :
        sight.<NodeName, List<TaskRow>>parts(seen, readings).entrySet()) {
      each.getValue().missing().ifPresent(why -> missing.add(each.getKey() + ": " + why));
      each.getValue().found().orElse(List.of()).stream()
          .filter(row -> fits(row, state, vmid))
          .forEach(rows::add);
    }
    rows.sort(Comparator.comparing((TaskRow row) -> row.upid().startedAt()).reversed());
    Function<Upid, Optional<Long>> ours = operations.get();
    List<Card.Block> body = new ArrayList<>();
    if (!rows.isEmpty()) {
      body.add(
          new Card.Table(
              List.of("When", "Task", "By", "Took", "State"),
              rows.stream().limit(MOST_ROWS).map(row -> row(row, ours)).toList()));
    }
    if (rows.size() > MOST_ROWS) {
      body.add(new Card.Text("and %d older ones".formatted(rows.size() - MOST_ROWS)));
    }
    missing.forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    String which =
        state.map(word -> word + " ").orElse("")
            + (rows.size() == 1 ? "task" : "tasks")
            + vmid.map(id -> " of " + id).orElse("")
            + node.map(name -> " on " + name).orElse("")
            + (state.filter("running"::equals).isPresent() ? "" : " in 24 h");
    return new Card(
        "answer",
        missing.isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        (rows.isEmpty() ? "No " : rows.size() + " ") + which + seen.age(),
        body,
        rows.stream()
            .filter(row -> row.isRunning() || !row.isGood())
            .limit(1)
            .map(row ->
                row.isRunning()
                    ? Button.plain(
                        "Wait for " + TaskWords.of(row.upid()), "task wait " + row.upid())
                    : Button.plain("Log of " + TaskWords.of(row.upid()), "task log " + row.upid()))
            .toList(),
        Map.of(
            "tasks",
            rows.stream().limit(MOST_ROWS).map(row -> facts(row, ours)).toList(),
            "not_seen",
            missing));
  }

  private static boolean fits(TaskRow row, Optional<String> state, Optional<Vmid> vmid) {
    boolean wantedState =
        switch (state.orElse("")) {
          case "running" -> row.isRunning();
          case "failed" -> !row.isRunning() && !row.isGood();
          default -> true;
        };
    return wantedState
        && vmid.map(id -> row.upid().id().equals(Optional.of(id.toString()))).orElse(true);
  }

  private List<String> row(TaskRow row, Function<Upid, Optional<Long>> ours) {
    Instant now = sight.now();
    return List.of(
        Figures.ago(row.upid().startedAt(), now),
        TaskWords.of(row.upid()),
        ours.apply(row.upid()).map(id -> "operation " + id).orElse(row.upid().user()),
        Figures.clock(
            row.endedAt()
                .map(_ -> Duration.ofSeconds(row.seconds()))
                .orElseGet(() -> Duration.between(row.upid().startedAt(), now))),
        redact.apply(TaskWords.state(row)));
  }

  private Map<String, Object> facts(TaskRow row, Function<Upid, Optional<Long>> ours) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("upid", row.upid().value());
    facts.put("node", row.upid().node().value());
    facts.put("type", row.upid().type());
    row.upid().id().ifPresent(id -> facts.put("id", id));
    facts.put("state", redact.apply(TaskWords.state(row)));
    ours.apply(row.upid()).ifPresent(id -> facts.put("operation", id));
    return facts;
  }

  private Card log(Command command) throws InterruptedException {
    Optional<Upid> upid = Said.upid(command);
    if (upid.isEmpty()) {
      return noUpid();
    }
    Sight.Seen seen = sight.fleet();
    Map<String, Callable<Found>> readings =
        Map.of(
            "status", () -> new Found.Status(pve.taskLists().status(upid.get())),
            "log", () -> new Found.Log(tail(upid.get())));
    Optional<TaskRow> status = Optional.empty();
    Optional<Tail> tail = Optional.empty();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Part<Found>> each :
        sight.<String, Found>parts(seen, readings).entrySet()) {
      switch (each.getValue()) {
        case Part.Here<Found>(Found.Status(Optional<TaskRow> row)) -> status = row;
        case Part.Here<Found>(Found.Log(Tail read)) -> tail = Optional.of(read);
        case Part.Missing<Found>(String why) -> missing.add(each.getKey() + ": " + why);
      }
    }
    List<Card.Block> body = new ArrayList<>();
    tail.ifPresent(read -> {
      if (read.before() > 0) {
        body.add(new Card.Text("%d lines before these are left out".formatted(read.before())));
      }
      body.add(new Card.Literal(redact.apply(String.join("\n", read.lines()))));
    });
    missing.forEach(each -> body.add(new Card.Text("Not seen: " + each)));
    boolean failed = status.filter(row -> !row.isRunning() && !row.isGood()).isPresent();
    return new Card(
        missing.isEmpty() ? "answer" : "failure",
        failed || !missing.isEmpty() ? Card.Tone.BAD : Card.Tone.NEUTRAL,
        "%s · %s"
            .formatted(
                TaskWords.of(upid.get()),
                status.map(TaskWords::state).map(redact).orElse("state unknown")),
        body,
        status.filter(TaskRow::isRunning).isPresent()
            ? List.of(Button.plain("Wait for it", "task wait " + upid.get()))
            : List.of(),
        Map.of(
            "upid",
            upid.get().value(),
            "state",
            status.map(TaskWords::state).map(redact).orElse("unknown"),
            "log",
            tail.map(read -> read.lines().stream().map(redact).toList()).orElse(List.of())));
  }

  private sealed interface Found {
    record Status(Optional<TaskRow> row) implements Found {}

    record Log(Tail tail) implements Found {}
  }

  /// @param before how many lines came before them
  private record Tail(List<String> lines, int before) {}

  private Tail tail(Upid upid) throws InterruptedException {
    List<String> last = List.of();
    int read = 0;
    List<String> part;
    try {
      do {
        part = pve.taskLists().log(upid, read, PART);
        read += part.size();
        List<String> both = new ArrayList<>(last);
        both.addAll(part);
        last = List.copyOf(both.subList(Math.max(0, both.size() - TAIL), both.size()));
      } while (part.size() == PART);
    } catch (PveFailure failure) {
      if (read == 0) {
        throw failure;
      }
    }
    List<String> cut =
        last.stream()
            .map(line -> line.length() > WIDEST_LINE ? line.substring(0, WIDEST_LINE) + "…" : line)
            .toList();
    return new Tail(cut, read - cut.size());
  }

  static Card noUpid() {
    return Card.of(
        "refusal",
        Card.Tone.WARNING,
        "Which task?",
        "Name it by its whole UPID; `task list` shows what there is.");
  }
}
