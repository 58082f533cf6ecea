package dev.pvebot.bot.answers;

import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.runbooks.format.Library;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.format.Source;
import dev.pvebot.runbooks.format.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Cards about the library of runbooks.
public final class RunbookAnswers {
  private final Library library;

  public RunbookAnswers(Library library) {
    this.library = library;
  }

  /// Every runbook; those that could not be read as well, with what is wrong.
  public Card list() {
    List<Card.Block> body = new ArrayList<>();
    body.add(
        new Card.Table(
            List.of("RUNBOOK", "RISK", "SAY"),
            library.all().stream()
                .map(runbook -> List.of(runbook.name(), runbook.risk().word(), toSay(runbook)))
                .toList()));
    for (Problem problem : library.problems()) {
      body.add(new Card.Text("Left out: " + problem.sentence()));
    }
    return new Card(
        "answer",
        library.problems().isEmpty() ? Card.Tone.NEUTRAL : Card.Tone.WARNING,
        "%d runbooks".formatted(library.all().size()),
        body,
        List.of(),
        Map.of(
            "runbooks",
            library.all().stream().map(RunbookAnswers::facts).toList(),
            "problems",
            library.problems().stream().map(Problem::sentence).toList()));
  }

  /// The same as lines of a Markdown table.
  public List<String> markdown() {
    List<String> lines =
        new ArrayList<>(List.of("| say | runbook | risk | what it does |", "|---|---|---|---|"));
    for (Runbook runbook : library.all()) {
      lines.add(
          "| `%s` | `%s` | %s | %s |"
              .formatted(
                  toSay(runbook),
                  runbook.name(),
                  runbook.risk().word(),
                  runbook.summary().text().replace("|", "\\|")));
    }
    return lines;
  }

  private static String toSay(Runbook runbook) {
    return runbook.examples().stream()
        .map(Source::text)
        .findFirst()
        .orElse("runbook run " + runbook.name());
  }

  /// One runbook, or which name may have been meant.
  public Card show(String name) {
    return library.named(name).map(RunbookAnswers::card).orElseGet(() -> unknown(name));
  }

  private Card unknown(String name) {
    return Card.of(
        "refusal",
        Card.Tone.WARNING,
        name.isEmpty() ? "Which runbook?" : "There is no runbook '%s'".formatted(name),
        Nearest.to(name, library.runbooks().keySet())
                .map(near -> "Did you mean %s? ".formatted(near))
                .orElse("")
            + "`runbook list` shows what there is.");
  }

  private static Card card(Runbook runbook) {
    List<Card.Field> head = new ArrayList<>();
    head.add(new Card.Field("Risk", runbook.risk().word() + ", or more by what it works on"));
    runbook.intent().ifPresent(intent -> head.add(new Card.Field("Command", intent)));
    for (Runbook.Param param : runbook.params()) {
      head.add(new Card.Field(param.name(), describe(param)));
    }
    List<Card.Block> body = new ArrayList<>(List.of(new Card.Fields(head)));
    if (!runbook.prose().isBlank()) {
      body.add(new Card.Literal(runbook.prose().strip()));
    }
    List<Card.StepLine> steps = new ArrayList<>();
    int number = 1;
    for (Step step : runbook.steps()) {
      steps.add(new Card.StepLine("", number++ + " " + step.title(), "", doing(step)));
    }
    body.add(new Card.Steps(steps));
    return new Card(
        "answer",
        Card.Tone.NEUTRAL,
        "%s · %s".formatted(runbook.name(), runbook.summary().text()),
        body,
        List.of(),
        facts(runbook));
  }

  private static String describe(Runbook.Param param) {
    String type = param.type().name().toLowerCase(Locale.ROOT);
    String need =
        param.required()
            ? "must be said"
            : param.fallback().map(value -> "else " + value).orElse("may be said");
    return "%s, %s%s".formatted(type, need, param.description().map(d -> ": " + d).orElse(""));
  }

  private static String doing(Step step) {
    return switch (step) {
      case Step.Group group -> "%d steps for each".formatted(group.children().size());
      case Step.Act act -> act.action().text();
      case Step.Manual _ -> "by a person";
    };
  }

  private static Map<String, Object> facts(Runbook runbook) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", runbook.name());
    facts.put("summary", runbook.summary().text());
    facts.put("risk", runbook.risk().word());
    runbook.intent().ifPresent(intent -> facts.put("intent", intent));
    facts.put("examples", runbook.examples().stream().map(Source::text).toList());
    facts.put(
        "params",
        runbook.params().stream()
            .map(param ->
                Map.of(
                    "name",
                    param.name(),
                    "type",
                    param.type().name().toLowerCase(Locale.ROOT),
                    "required",
                    param.required()))
            .toList());
    facts.put("digest", runbook.digest());
    return facts;
  }
}
