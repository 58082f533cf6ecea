package dev.pvebot.commands;

import dev.pvebot.commands.Lexicon.Talk;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns what a person said into a [Command]. The same text, catalog and context always give the
/// same command; nothing is read, nothing is remembered but the last catalog in its compiled form.
/// Safe for use by many threads.
///
/// A text goes through four doors: letters that must not be trusted ([Suspicion]), the Taskfile
/// form, the slash form, and plain English, where the reading that leaves least unexplained wins
/// and [Guards] say whether it is an order.
public final class Interpreter {
  /// What the text answers or belongs to.
  ///
  /// @param open the text of a command that was asked back about; an answer completes it
  /// @param operation the operation whose thread this is; `cancel`, `approve`, `retry`, `why` mean
  ///   it
  public record Context(Optional<String> open, Optional<Long> operation) {
    public static final Context NONE = new Context(Optional.empty(), Optional.empty());

    /// @param text what the person had said, as [Command] was made from it
    public static Context answering(String text) {
      return new Context(Optional.of(text), Optional.empty());
    }

    public static Context inThreadOf(long operation) {
      return new Context(Optional.empty(), Optional.of(operation));
    }
  }

  private record Compiled(Catalog catalog, Grammar grammar) {}

  private volatile Optional<Compiled> compiled = Optional.empty();

  public Command interpret(String text, Catalog catalog) {
    return interpret(text, catalog, Context.NONE);
  }

  public Command interpret(String text, Catalog catalog, Context context) {
    Optional<BreakGlass> glass = BreakGlass.in(text);
    return glass.isPresent()
        ? breaking(glass.orElseThrow(), catalog, context)
        : whole(text, catalog, context);
  }

  /// A command that passes freezes and the second person: it has to say why.
  private Command breaking(BreakGlass glass, Catalog catalog, Context context) {
    Command command = whole(glass.rest(), catalog, context);
    if (command.isNone()) {
      return command;
    }
    Optional<String> hidden = glass.reason().flatMap(Suspicion::hidden);
    if (hidden.isPresent()) {
      return Command.none(
          "unsafe", reply("I do nothing with that: %s.".formatted(hidden.orElseThrow())));
    }
    return glass
        .reason()
        .map(command::breakingGlass)
        .orElseGet(() ->
            Command.none(
                "incomplete",
                reply(
                    "Whoever breaks the glass says why: `%s --break-glass \"reason\"`."
                        .formatted(glass.rest()))));
  }

  private Command whole(String text, Catalog catalog, Context context) {
    Grammar grammar = grammar(catalog);
    Utterance utterance = Utterance.read(text);
    if (context.open().isPresent()) {
      Command alone = read(utterance, grammar, context.operation());
      return alone.isNone()
          ? answer(context.open().orElseThrow(), text, utterance, grammar, alone)
          : alone;
    }
    return read(utterance, grammar, context.operation());
  }

  /// The frames and names of a catalog, compiled once.
  Grammar grammar(Catalog catalog) {
    Optional<Compiled> last = compiled;
    if (last.isPresent() && last.orElseThrow().catalog() == catalog) {
      return last.orElseThrow().grammar();
    }
    Grammar grammar = new Grammar(catalog);
    compiled = Optional.of(new Compiled(catalog, grammar));
    return grammar;
  }

  /// An answer to a question: the asked-about text with the answer added.
  private Command answer(
      String open, String text, Utterance utterance, Grammar grammar, Command alone) {
    Sentence sentence = Sentence.of(utterance, Lexicon.ENGLISH, grammar.names());
    boolean refuses = sentence.size() > 0 && sentence.token(0).is(Talk.NO);
    if (utterance.unsafe().isPresent() || refuses) {
      return alone;
    }
    if (Set.of("negated", "question", "past", "hypothetical", "later", "quoted")
        .contains(alone.reason().orElse(""))) {
      return alone;
    }
    Command whole = read(Utterance.read(open + " " + text), grammar, Optional.empty());
    return whole.isNone() ? alone : whole;
  }

  private Command read(Utterance utterance, Grammar grammar, Optional<Long> operation) {
    if (utterance.unsafe().isPresent()) {
      return Command.none(
          "unsafe",
          reply("I do nothing with that: %s.".formatted(utterance.unsafe().orElseThrow())));
    }
    List<Utterance.Word> words = utterance.words();
    if (words.isEmpty()) {
      return utterance.slash() ? command(grammar, "help", Map.of()) : Command.none("chat");
    }
    if (utterance.text().stripLeading().startsWith(">") || isWhollyQuoted(words)) {
      return Command.none("quoted");
    }
    Sentence sentence = Sentence.of(utterance, Lexicon.ENGLISH, grammar.names());
    Optional<Command> special = Special.read(sentence, grammar, this::readPart);
    if (special.isPresent()) {
      return special.orElseThrow();
    }
    Optional<Command> task = task(sentence, grammar);
    if (task.isPresent()) {
      return task.orElseThrow();
    }
    Optional<Command> slash = slash(sentence, grammar, operation);
    if (slash.isPresent()) {
      return slash.orElseThrow();
    }
    return new Verdict(grammar, sentence, operation).command();
  }

  /// A part of a text, as in `schedule …` and `plan …`.
  private Command readPart(String text, Grammar grammar) {
    return read(Utterance.read(text), grammar, Optional.empty());
  }

  private static boolean isWhollyQuoted(List<Utterance.Word> words) {
    return words.size() == 1 && words.getFirst().quoted();
  }

  private Optional<Command> task(Sentence sentence, Grammar grammar) {
    List<Utterance.Word> words = sentence.utterance().words();
    Optional<TaskForm.Task> found = TaskForm.task(words);
    if (found.isEmpty()) {
      if (TaskForm.looksLike(words)) {
        return Optional.of(
            Command.none(
                "unknown", new Command.Reply("There is no task of that name.", near(words))));
      }
      return Optional.empty();
    }
    if (sentence.utterance().question()) {
      return Optional.of(Command.none("question"));
    }
    TaskForm.Task task = found.orElseThrow();
    Frame frame = grammar.frame(task.intent()).orElseThrow();
    Optional<Map<String, Object>> args =
        TaskForm.args(task, frame, sentence, TaskForm.head(words) + 1);
    if (args.isEmpty()) {
      return new Verdict(grammar, sentence, Optional.empty())
          .positional(frame, TaskForm.head(words) + 1, task.fixed())
          .or(() ->
              Optional.of(
                  Command.none(
                      "unsafe",
                      reply(
                          "A value of `%s` cannot be; its keys are %s."
                              .formatted(
                                  words.get(TaskForm.head(words)).raw(),
                                  String.join(", ", task.keys().keySet())
                                      .toUpperCase(Locale.ROOT))))));
    }
    return Optional.of(Verdict.complete(grammar, frame, args.orElseThrow()));
  }

  private static List<String> near(List<Utterance.Word> words) {
    String name = words.get(TaskForm.head(words)).low();
    return TaskForm.names().stream()
        .filter(each -> Spelling.distance(name, each, 3) <= 3)
        .limit(3)
        .toList();
  }

  /// `vm migrate 1031 pve02`: the words of the intent, then values in order.
  private Optional<Command> slash(Sentence sentence, Grammar grammar, Optional<Long> operation) {
    int start = 0;
    while (start < sentence.size() && sentence.token(start).is(Talk.COURTESY)) {
      start++;
    }
    StringBuilder path = new StringBuilder();
    Optional<Command> best = Optional.empty();
    for (int n = start; n < Math.min(start + 3, sentence.size()); n++) {
      path.append(n == start ? "" : ".").append(sentence.token(n).low());
      Optional<Frame> frame = grammar.frame(path.toString());
      boolean whole = n > start || sentence.utterance().slash() || sentence.size() == 1;
      if (frame.isPresent() && whole) {
        Optional<Command> read =
            new Verdict(grammar, sentence, operation)
                .positional(frame.orElseThrow(), n + 1, Map.of());
        best = read.isPresent() ? read : best;
      }
    }
    return best;
  }

  private static Command command(Grammar grammar, String intent, Map<String, Object> args) {
    return Command.of(intent, args, grammar.frame(intent).map(Frame::risk).orElse(Risk.READ));
  }

  private static Command.Reply reply(String text) {
    return new Command.Reply(text, List.of());
  }
}
