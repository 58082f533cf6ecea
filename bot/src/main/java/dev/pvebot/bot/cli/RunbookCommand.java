package dev.pvebot.bot.cli;

import dev.pvebot.bot.InstructionSet;
import dev.pvebot.bot.answers.RunbookAnswers;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.format.RunbookParser;
import dev.pvebot.runbooks.linter.Linter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `pvebot runbook`: the library of runbooks. Touches no network and needs no running bot.
@CommandLine.Command(
    name = "runbook",
    description = "Lists, shows or checks runbooks.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunbookCommand.ListAll.class,
      RunbookCommand.Show.class,
      RunbookCommand.Lint.class
    })
final class RunbookCommand {
  @CommandLine.ParentCommand private CommandLineRoot root;

  private PrintStream out() {
    return root.out();
  }

  /// The shipped runbooks and, where there is a configuration, those of its site.
  static final class LibraryOption {
    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "A configuration whose own runbooks count too (default: pvebot.yaml here).")
    private @Nullable Path config;

    Library load() throws Configured.Unusable {
      Path file = config == null ? Path.of("pvebot.yaml") : config;
      if (config == null && !Files.exists(file)) {
        return Library.load();
      }
      return Configured.bot(file).runbooks().map(Library::load).orElseGet(Library::load);
    }
  }

  @CommandLine.Command(
      name = "list",
      description = "Every runbook, its risk and what to say.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @CommandLine.ParentCommand private RunbookCommand parent;
    @CommandLine.Mixin private LibraryOption library;

    @CommandLine.Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @CommandLine.Option(names = "--markdown", description = "A Markdown table, as in the README.")
    private boolean markdown;

    @Override
    public Integer call() throws Configured.Unusable {
      RunbookAnswers answers = new RunbookAnswers(library.load());
      if (markdown) {
        answers.markdown().forEach(parent.out()::println);
        parent.out().flush();
      } else {
        Output.show(parent.out(), json, answers.list());
      }
      return 0;
    }
  }

  @CommandLine.Command(
      name = "show",
      description = "A runbook as it was written.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @CommandLine.ParentCommand private RunbookCommand parent;
    @CommandLine.Mixin private LibraryOption library;

    @CommandLine.Parameters(paramLabel = "NAME", description = "As `runbook list` shows it.")
    private String name;

    @CommandLine.Option(names = "--json", description = "One JSON object, without the text.")
    private boolean json;

    @Override
    public Integer call() throws Configured.Unusable {
      Library known = library.load();
      Optional<Runbook> found = known.named(name);
      if (found.isPresent() && !json) {
        parent.out().print(found.get().text());
        parent.out().flush();
        return 0;
      }
      Output.show(parent.out(), json, new RunbookAnswers(known).show(name));
      return found.isPresent() ? 0 : 2;
    }
  }

  @CommandLine.Command(
      name = "lint",
      description = {
        "Checks runbooks against the actions: every fault with file, line and column.",
        "Exit 0: sound; 1: faults; 2: nothing to read there."
      },
      mixinStandardHelpOptions = true)
  static final class Lint implements Callable<Integer> {
    @CommandLine.ParentCommand private RunbookCommand parent;
    @CommandLine.Mixin private LibraryOption library;

    @CommandLine.Parameters(
        paramLabel = "FILE|DIR",
        arity = "0..*",
        description = "Runbooks, or folders of *.md (default: the library).")
    private List<Path> paths = List.of();

    @CommandLine.Option(
        names = "--json",
        description = "One JSON object; the faults are in its facts.")
    private boolean json;

    @Override
    public Integer call() throws Configured.Unusable, IOException {
      Inspection inspection = new Inspection();
      if (paths.isEmpty()) {
        inspection.take(library.load());
      }
      for (Path path : paths) {
        if (!Files.exists(path)) {
          throw new Configured.Unusable(
              "there is no %s; name a runbook or a folder of runbooks".formatted(path));
        }
        for (Path file : files(path)) {
          inspection.read(file);
        }
      }
      if (json) {
        Output.show(parent.out(), true, inspection.card());
      } else {
        inspection.problems.list().forEach(fault -> parent.out().println(fault.sentence()));
        parent.out().println(inspection.card().title());
      }
      return inspection.isGood() ? 0 : 1;
    }

    private static List<Path> files(Path path) throws IOException {
      if (!Files.isDirectory(path)) {
        return List.of(path);
      }
      try (Stream<Path> files = Files.list(path)) {
        return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
      }
    }
  }

  /// Collects the faults of some runbooks.
  private static final class Inspection {
    private final Actions actions = InstructionSet.declarations();
    private final Expressions expressions = new Expressions();
    private final Problems problems = new Problems();
    private int runbooks;

    boolean isGood() {
      return problems.isEmpty();
    }

    void take(Library library) {
      problems.addAll(library.problems());
      library.all().forEach(this::lint);
    }

    void read(Path file) {
      String text;
      try {
        text = Files.readString(file);
      } catch (IOException unreadable) {
        runbooks++;
        problems.add(
            Position.file(file.toString()),
            "",
            "something that cannot be read (%s)".formatted(unreadable.getClass().getSimpleName()),
            "UTF-8 text",
            "Check its owner and mode.");
        return;
      }
      RunbookParser.Parsed parsed = RunbookParser.parse(file.toString(), text);
      problems.addAll(parsed.problems());
      parsed.runbook().ifPresentOrElse(this::lint, () -> runbooks++);
    }

    private void lint(Runbook runbook) {
      runbooks++;
      problems.addAll(Linter.lint(runbook, actions, expressions));
    }

    Card card() {
      String count = (runbooks == 1 ? "1 runbook" : runbooks + " runbooks") + " checked";
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("good", isGood());
      facts.put("runbooks", runbooks);
      facts.put("problems", problems.list().stream().map(Inspection::facts).toList());
      return new Card(
          isGood() ? "answer" : "failure",
          isGood() ? Card.Tone.GOOD : Card.Tone.BAD,
          isGood()
              ? count + ", no faults"
              : count
                  + (problems.count() == 1
                      ? ", 1 fault"
                      : ", %d faults".formatted(problems.count())),
          List.of(),
          List.of(),
          facts);
    }

    private static Map<String, Object> facts(Problem problem) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("file", problem.at().file());
      facts.put("line", problem.at().line());
      facts.put("column", problem.at().column());
      facts.put("key", problem.key());
      facts.put("found", problem.found());
      facts.put("expected", problem.expected());
      facts.put("advice", problem.advice());
      facts.put("sentence", problem.sentence());
      return facts;
    }
  }
}
