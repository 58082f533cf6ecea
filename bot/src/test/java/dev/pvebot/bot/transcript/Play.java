package dev.pvebot.bot.transcript;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.bot.transcript.Transcript.Entry;
import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.integrations.console.CardText;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/// Plays a transcript on a stage and writes down what comes of it.
final class Play {
  private static final CardText CARDS = CardText.fitting(100);
  private static final String CHANNEL = "infra";
  private static final Pattern IS = Pattern.compile("operation (\\d+) is ([a-z ]+)");
  private static final Pattern TOLD = Pattern.compile("(op-\\d+|#[a-z0-9-]+) is told \"(.*)\"");
  private static final Pattern APPENDS = Pattern.compile("site ([a-z0-9.-]+) gets: (.*)");
  private static final Pattern LOSES = Pattern.compile("site ([a-z0-9.-]+) loses: (.*)");
  private static final Pattern PASS = Pattern.compile("(\\d+) (second|minute|hour)s? pass(?:es)?");
  private static final Pattern UPID = Pattern.compile("<upid (\\w+) (\\w+)>");
  private static final Pattern DIGEST = Pattern.compile("<digest (\\d+)>");

  private final Stage stage;
  private final Normal normal;
  private final List<String> lines = new ArrayList<>();

  Play(Stage stage) {
    this.stage = stage;
    this.normal = new Normal(stage.subnet());
  }

  /// @return the transcript's file as it comes out
  String of(Transcript transcript) throws IOException, InterruptedException {
    try {
      for (Entry entry : transcript.entries()) {
        lines.add(entry.line());
        switch (entry) {
          case Entry.Remark _ -> {}
          case Entry.Said said -> say(said);
          case Entry.Done(String _, String act) -> act(act);
        }
      }
    } catch (RuntimeException | IOException stopped) {
      throw new AssertionError("it stops here:\n" + String.join("\n", lines), stopped);
    }
    return String.join("\n", lines) + "\n";
  }

  private void say(Entry.Said said) throws InterruptedException {
    Call call =
        new Call(
            "say",
            UPID.matcher(
                    DIGEST
                        .matcher(said.text())
                        .replaceAll(
                            id -> operation(Long.parseLong(id.group(1))).plan().shortDigest()))
                .replaceAll(task -> stage.upid(task.group(1), task.group(2))),
            Optional.of(said.person()),
            said.channel().orElse(CHANNEL),
            said.thread(),
            false);
    for (Answer answer : stage.say(call)) {
      switch (answer) {
        case Answer.Shown(var posted, Card card, boolean _) -> show(place(posted.where()), card);
        case Answer.Line(String text) -> write(text);
        case Answer.End(int exit) -> write("= " + exit);
      }
    }
  }

  private void act(String act) throws IOException, InterruptedException {
    Matcher is = IS.matcher(act);
    Matcher told = TOLD.matcher(act);
    Matcher pass = PASS.matcher(act);
    Matcher appends = APPENDS.matcher(act);
    Matcher loses = LOSES.matcher(act);
    if (is.matches()) {
      until(Long.parseLong(is.group(1)), state(is.group(2)));
    } else if (told.matches()) {
      until(told.group(1), told.group(2));
    } else if (pass.matches()) {
      long many = Long.parseLong(pass.group(1));
      stage
          .clock()
          .skip(
              switch (pass.group(2)) {
                case "second" -> Duration.ofSeconds(many);
                case "minute" -> Duration.ofMinutes(many);
                default -> Duration.ofHours(many);
              });
    } else if (act.equals("pvebot restarts")) {
      stage.restart();
    } else if (act.startsWith("pve begins ")) {
      stage.hand().begin(act.substring("pve begins ".length()));
    } else if (act.startsWith("pve ")) {
      stage.hand().pve(act.substring(4));
    } else if (act.equals("site is a repository")) {
      stage.repository();
    } else if (act.equals("site log")) {
      stage.newestCommit().lines().filter(line -> !line.isBlank()).forEach(this::write);
    } else if (appends.matches()) {
      stage.editByHand(appends.group(1), text -> text + appends.group(2) + "\n");
    } else if (loses.matches()) {
      stage.editByHand(loses.group(1), text -> text.replace(loses.group(2) + "\n", ""));
    } else if (act.startsWith("lab ")) {
      stage.hand().lab(act.substring(4));
    } else {
      throw new IllegalArgumentException(
          "'%s' is no act; docs/developing.md lists what there is".formatted(act));
    }
  }

  private static OperationState state(String words) {
    return OperationState.valueOf(words.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  /// Waits for a state. Where nothing moves by itself any more, all that was told is written down,
  /// then the head as it stands.
  private void until(long id, OperationState state) {
    boolean rests = state.isFinal() || state == OperationState.PAUSED;
    try {
      Awaitility.await("operation %d is %s".formatted(id, state.words()))
          .atMost(Stage.PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() ->
              stage
                  .operation(id)
                  .filter(found -> found.state() == state && (!rests || stage.isTold(found)))
                  .isPresent());
    } finally {
      if (rests) {
        stage
            .takeAll(in(place(ThreadTeller.thread(operation(id)))))
            .forEach(post -> show(place(post.posted().where()), post.card()));
        stage.head(id).ifPresent(head -> show("head of op-" + id, head));
      }
    }
  }

  private void until(String place, String text) {
    Awaitility.await("%s is told %s".formatted(place, text))
        .atMost(Stage.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          Optional<List<Stage.Shown>> taken =
              stage.take(in(place), post -> text(post.card()).contains(text));
          taken.ifPresent(
              posts -> posts.forEach(post -> show(place(post.posted().where()), post.card())));
          return taken.isPresent();
        });
  }

  private Operation operation(long id) {
    return stage.operation(id).orElseThrow();
  }

  private static Predicate<Stage.Shown> in(String place) {
    return post -> place(post.posted().where()).equals(place);
  }

  private static String place(Conversation where) {
    return where
        .thread()
        .map(thread -> thread.matches("\\d{10,}") ? "thread" : thread)
        .orElse("#" + where.channel());
  }

  private static String text(Card card) {
    return String.join("\n", CARDS.plain(card));
  }

  private void show(String place, Card card) {
    if (card.facts().get("digest") instanceof String digest) {
      Object owner = card.facts().get("operation");
      normal.digest(digest, owner == null ? "" : owner.toString());
    }
    Card without =
        new Card(card.kind(), card.tone(), card.title(), card.body(), List.of(), card.facts());
    List<String> shown = CARDS.plain(without);
    write("[%s] %s".formatted(place, shown.isEmpty() ? "" : shown.getFirst()));
    shown.stream().skip(1).forEach(line -> write("  " + line));
    for (Button button : card.buttons()) {
      write(
          "    [%s] %s%s"
              .formatted(
                  button.label(),
                  button.command(),
                  button.input().map(question -> " … " + question).orElse("")));
    }
  }

  private void write(String line) {
    lines.add(Transcript.output(normal.text(line)));
  }
}
