package dev.pvebot.runbooks.linter;

import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.expression.Compiled;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.expression.Scope;
import dev.pvebot.runbooks.expression.Template;
import dev.pvebot.runbooks.expression.Type;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.format.Source;
import dev.pvebot.runbooks.format.Step;
import dev.pvebot.runbooks.format.Value;
import dev.pvebot.runbooks.planner.Registered;
import dev.pvebot.runbooks.planner.Risks;
import dev.pvebot.runbooks.planner.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks a runbook against the catalog of actions: every fault with line and column, all at once.
/// A runbook that passes can be planned; whether the world allows it, the planner says.
public final class Linter {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

  private final Runbook runbook;
  private final Actions actions;
  private final Expressions expressions;
  private final Problems problems = new Problems();
  private final Set<String> used = new HashSet<>();
  private final Map<String, Source> registers = new HashMap<>();

  private Linter(Runbook runbook, Actions actions, Expressions expressions) {
    this.runbook = runbook;
    this.actions = actions;
    this.expressions = expressions;
  }

  /// @return all faults, by place; empty when the runbook is sound
  public static List<Problem> lint(Runbook runbook, Actions actions) {
    return lint(runbook, actions, new Expressions());
  }

  /// The same with expressions that are shared, which is faster for many runbooks.
  public static List<Problem> lint(Runbook runbook, Actions actions, Expressions expressions) {
    return new Linter(runbook, actions, expressions).run();
  }

  /// The least risk that a runbook may declare, because a step reaches it.
  public static Risk reachableRisk(List<Step> steps, Actions actions) {
    return steps.stream().map(step -> risk(step, actions)).reduce(Risk.READ, Risk::atLeast);
  }

  private static Risk risk(Step step, Actions actions) {
    return switch (step) {
      case Step.Group group -> reachableRisk(group.children(), actions);
      case Step.Manual _ -> Risk.DISRUPTIVE;
      case Step.Act act ->
          actions.named(act.action().text()).<Risk>map(Risks::of).orElse(Risk.READ);
    };
  }

  private List<Problem> run() {
    params();
    phrases();
    Scope world = Vocabulary.of(runbook);
    runbook.title().ifPresent(title -> text(title, "title", world));
    runbook.nothingToDo().ifPresent(text -> text(text, "nothing_to_do", world));
    for (Runbook.Check check : runbook.checks()) {
      condition(check.that(), "that", world);
      text(check.otherwise(), "else", world);
    }
    steps(runbook.steps(), world, world);
    steps(runbook.rollback(), world, world);
    declaredRisk();
    registers.forEach((name, source) -> {
      if (!used.contains(name)) {
        problems.add(
            source.at(),
            "register",
            "'%s', which no step uses".formatted(name),
            "a later step that uses it",
            "Remove it.");
      }
    });
    return problems.list();
  }

  // --- the frontmatter
  // ------------------------------------------------------------------------------------------------

  private void params() {
    for (Catalog.Type single : List.of(Catalog.Type.PROFILE, Catalog.Type.VMS)) {
      List<Runbook.Param> params =
          runbook.params().stream().filter(param -> param.type() == single).toList();
      if (params.size() > 1) {
        problems.add(
            params.get(1).at(),
            params.get(1).name(),
            "a second parameter of type " + word(single),
            "at most one",
            "What it brings has fixed names.");
      }
    }
    for (Runbook.Param param : runbook.params()) {
      if (Vocabulary.isTaken(param.name())) {
        problems.add(
            param.at(),
            param.name(),
            "a parameter of this name",
            "another name",
            "The world uses it already.");
      }
    }
  }

  private void phrases() {
    Set<String> known = new java.util.TreeSet<>();
    runbook.params().forEach(param -> known.add(param.name()));
    for (Source phrase : runbook.phrases()) {
      Matcher matcher = PLACEHOLDER.matcher(phrase.text());
      while (matcher.find()) {
        String name = matcher.group(1);
        if (!known.contains(name)) {
          problems.add(
              phrase.at(matcher.start()),
              "phrases",
              "'{%s}'".formatted(name),
              known.isEmpty()
                  ? "no parameter, for there is none"
                  : "one of " + String.join(", ", known),
              Nearest.to(name, known).map("Did you mean '{%s}'?"::formatted).orElse(""));
        }
      }
      unbalanced(phrase.text())
          .ifPresent(at ->
              problems.add(
                  phrase.at(at),
                  "phrases",
                  "'%c' without its partner".formatted(phrase.text().charAt(at)),
                  "(a|b), [optional] and {param}",
                  ""));
    }
  }

  private static Optional<Integer> unbalanced(String phrase) {
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < phrase.length(); i++) {
      char c = phrase.charAt(i);
      if ("([{".indexOf(c) >= 0) {
        open.add(i);
      } else if (")]}".indexOf(c) >= 0) {
        if (open.isEmpty() || "([{".indexOf(phrase.charAt(open.getLast())) != ")]}".indexOf(c)) {
          return Optional.of(i);
        }
        open.removeLast();
      }
    }
    return open.isEmpty() ? Optional.empty() : Optional.of(open.getFirst());
  }

  private void declaredRisk() {
    Risk reachable = reachableRisk(runbook.steps(), actions);
    Risk declared = runbook.riskUpTo().map(runbook.risk()::atLeast).orElse(runbook.risk());
    if (declared.compareTo(reachable) < 0) {
      String step =
          runbook
              .allSteps()
              .filter(candidate ->
                  !(candidate instanceof Step.Group) && risk(candidate, actions) == reachable)
              .map(Step::title)
              .findFirst()
              .orElse("");
      problems.add(
          runbook.riskAt(),
          "risk",
          "'%s'".formatted(runbook.risk().word()),
          "at least '%s'".formatted(reachable.word()),
          "The step \"%s\" can do that.".formatted(step));
    }
  }

  // --- steps
  // ----------------------------------------------------------------------------------------------------------

  /// @param known what is known when the plan is made
  /// @param all the same and what earlier steps register
  private void steps(List<Step> steps, Scope known, Scope all) {
    Scope later = all;
    for (Step step : steps) {
      step(step, known, later);
      later = later.with(Registered.by(step, actions));
    }
  }

  private void step(Step step, Scope known, Scope all) {
    Scope knownInside = known;
    Scope allInside = all;
    if (step.loop().isPresent()) {
      Step.Loop loop = step.loop().get();
      Optional<Type> items = decidedNow(loop.items(), "for_each", known, all);
      Type item = Type.Scalar.DYN;
      if (items.isPresent()) {
        if (items.get() instanceof Type.ListOf(Type element)) {
          item = element;
        } else {
          wrongType(loop.items(), "for_each", items.get(), "list");
        }
      }
      freshName(loop.as(), "as", all);
      loop.parallel().ifPresent(parallel -> number(parallel, "parallel", known));
      knownInside = known.with(loop.as().text(), item);
      allInside = all.with(loop.as().text(), item);
    }
    if (step.when().isPresent()) {
      condition(step.when().get(), "when", allInside);
    }
    switch (step) {
      case Step.Group group -> steps(group.children(), knownInside, allInside);
      case Step.Manual manual -> text(manual.text(), "manual", knownInside);
      case Step.Act act -> act(act, knownInside, allInside);
    }
  }

  private void act(Step.Act act, Scope known, Scope all) {
    Optional<Action<?, ?>> found = actions.named(act.action().text());
    if (found.isEmpty()) {
      List<String> names = actions.all().stream().map(Action::name).toList();
      problems.add(
          act.action().at(),
          "do",
          "'%s'".formatted(act.action().text()),
          "an action",
          Nearest.to(act.action().text(), names)
              .map("Did you mean '%s'?"::formatted)
              .orElse("`pvebot runbook lint` knows " + String.join(", ", names) + "."));
      return;
    }
    Action<?, ?> action = found.get();
    Type.Struct inputs = (Type.Struct) Type.ofRecord(action.inputs());
    inputs(act, action, inputs, all);
    act.within()
        .forEach((name, bound) -> {
          Type type = inputs.fields().get(name);
          if (type == null || !act.with().containsKey(name)) {
            problems.add(
                bound.at(),
                "within." + name,
                "a bound of no input",
                "the name of an input in `with`",
                "");
          } else {
            Scope scope = all.with("value", type.required());
            condition(bound, "within." + name, scope);
          }
        });
    act.until()
        .ifPresent(until -> {
          Scope scope = all.with("output", Type.ofRecord(action.outputs()));
          condition(until.that(), "until", scope);
          if (action.traits().risk() != Risk.READ) {
            problems.add(
                until.that().at(),
                "until",
                "a condition for %s, which changes something".formatted(action.name()),
                "it only for an action that reads",
                "It would be done again and again.");
          }
        });
    act.timeout()
        .ifPresent(timeout -> {
          if (timeout instanceof Value.Text(Source source) && source.text().contains("{{")) {
            number(timeout, "timeout", known);
          }
        });
    act.retries()
        .ifPresent(retries -> {
          if (retries.count() > 0 && Risks.of(action) == Risk.DESTRUCTIVE) {
            problems.add(
                retries.at(),
                "retries",
                "%d for %s, which destroys".formatted(retries.count(), action.name()),
                "no retries",
                "A destructive call is never repeated blindly; a person decides.");
          }
        });
    act.register().ifPresent(name -> register(act, action, name, all));
  }

  private void register(Step.Act act, Action<?, ?> action, Source name, Scope all) {
    freshName(name, "register", all);
    Source before = registers.putIfAbsent(name.text(), name);
    if (before != null) {
      problems.add(
          name.at(),
          "register",
          "'%s' a second time".formatted(name.text()),
          "a name of its own",
          "It is taken on line %d.".formatted(before.at().line()));
    }
    if (action.outputs().getRecordComponents().length == 0) {
      problems.add(
          name.at(),
          "register",
          "it for %s, which gives nothing".formatted(action.name()),
          "no `register`",
          "");
    }
  }

  private void freshName(Source name, String key, Scope all) {
    if (all.names().containsKey(name.text())) {
      problems.add(
          name.at(),
          key,
          "'%s'".formatted(name.text()),
          "a name that nothing has here",
          "It would hide the other.");
    }
  }

  private void inputs(Step.Act act, Action<?, ?> action, Type.Struct wanted, Scope all) {
    for (Map.Entry<String, Step.Input> given : act.with().entrySet()) {
      Type type = wanted.fields().get(given.getKey());
      if (type == null) {
        problems.add(
            given.getValue().keyAt(),
            "with." + given.getKey(),
            "an unknown input of %s".formatted(action.name()),
            "one of " + String.join(", ", wanted.fields().keySet()),
            Nearest.to(given.getKey(), wanted.fields().keySet())
                .map("Did you mean '%s'?"::formatted)
                .orElse("Remove it."));
        continue;
      }
      value(given.getValue().value(), "with." + given.getKey(), type, all);
    }
    wanted
        .fields()
        .forEach((name, type) -> {
          if (!type.isOptional() && !act.with().containsKey(name)) {
            problems.add(
                act.action().at(),
                "with." + name,
                "nothing",
                "a value of type %s".formatted(type),
                "%s needs it.".formatted(action.name()));
          }
        });
  }

  private void value(Value value, String key, Type wanted, Scope scope) {
    switch (value) {
      case Value.Text(Source source) ->
          type(source, key, scope)
              .filter(given -> !wanted.accepts(given))
              .ifPresent(given -> wrongType(source, key, given, wanted.toString()));
      case Value.Plain(Object plain, Position at) -> {
        Type given =
            plain instanceof Boolean
                ? Type.Scalar.BOOL
                : plain instanceof Double ? Type.Scalar.DOUBLE : Type.Scalar.INT;
        if (!wanted.accepts(given)) {
          problems.add(
              at,
              key,
              "%s, a value of type %s".formatted(plain, given),
              "a value of type " + wanted,
              "");
        }
      }
      case Value.Items(List<Value> items, Position at) -> {
        if (wanted.required() instanceof Type.ListOf(Type element)) {
          for (int i = 0; i < items.size(); i++) {
            value(items.get(i), "%s[%d]".formatted(key, i), element, scope);
          }
        } else {
          problems.add(at, key, "a list", "a value of type " + wanted, "");
        }
      }
      case Value.Entries(Map<String, Value> entries, Position at) -> {
        switch (wanted.required()) {
          case Type.MapOf(Type element) ->
              entries.forEach((name, entry) -> value(entry, key + "." + name, element, scope));
          case Type.Struct struct ->
              entries.forEach((name, entry) -> {
                Type field = struct.fields().get(name);
                if (field == null) {
                  problems.add(
                      entry.at(),
                      key + "." + name,
                      "an unknown key",
                      "one of " + String.join(", ", struct.fields().keySet()),
                      "");
                } else {
                  value(entry, key + "." + name, field, scope);
                }
              });
          case Type.Scalar _, Type.ListOf _, Type.OptionalOf _ ->
              problems.add(at, key, "a mapping", "a value of type " + wanted, "");
        }
      }
    }
  }

  // --- expressions
  // ----------------------------------------------------------------------------------------------------

  private void text(Source source, String key, Scope scope) {
    type(source, key, scope)
        .filter(given -> !(given instanceof Type.Scalar))
        .ifPresent(given -> wrongType(source, key, given, "string"));
  }

  /// The type of a scalar with `{{ }}`; empty when a problem was added.
  private Optional<Type> type(Source source, String key, Scope scope) {
    try {
      return checked(expressions.compile(Template.parse(source.text()), scope), source, key)
          .map(Compiled.Checked::type);
    } catch (Template.Unclosed e) {
      problems.add(source.at(e.offset()), key, "'{{' without '}}'", "both", "");
      return Optional.empty();
    }
  }

  private void condition(Source source, String key, Scope scope) {
    checked(expressions.compile(source.text(), scope), source, key)
        .map(Compiled.Checked::type)
        .filter(type -> type != Type.Scalar.BOOL && type != Type.Scalar.DYN)
        .ifPresent(type -> wrongType(source, key, type, "bool"));
  }

  /// The type of an expression that must be known when the plan is made.
  private Optional<Type> decidedNow(Source source, String key, Scope known, Scope all) {
    if (expressions.compile(source.text(), known) instanceof Compiled.Rejected
        && expressions.compile(source.text(), all) instanceof Compiled.Checked checked) {
      used.addAll(checked.names());
      problems.add(
          source.at(),
          key,
          "`%s`, which is known only after an earlier step".formatted(source.text()),
          "something that is known when the plan is made",
          "The plan lists everything that will happen.");
      return Optional.empty();
    }
    return checked(expressions.compile(source.text(), known), source, key)
        .map(Compiled.Checked::type);
  }

  private void number(Value value, String key, Scope known) {
    switch (value) {
      case Value.Plain(Object plain, Position _)
          when plain instanceof Long number && number > 0 -> {}
      case Value.Text(Source source) when source.text().contains("{{") ->
          type(source, key, known)
              .filter(type -> type != Type.Scalar.INT)
              .ifPresent(type -> wrongType(source, key, type, "int"));
      case Value.Plain _, Value.Text _, Value.Items _, Value.Entries _ ->
          problems.add(
              value.at(),
              key,
              "no number",
              "a whole number above 0, or an expression that gives one",
              "");
    }
  }

  private Optional<Compiled.Checked> checked(Compiled compiled, Source source, String key) {
    return switch (compiled) {
      case Compiled.Checked checked -> {
        used.addAll(checked.names());
        yield Optional.of(checked);
      }
      case Compiled.Rejected(List<Compiled.Fault> faults) -> {
        // a name in a broken expression is used all the same
        used.addAll(List.of(source.text().split("[^A-Za-z0-9_]+")));
        for (Compiled.Fault fault : faults) {
          problems.add(
              source.at(fault.offset()), key, fault.what(), "an expression that type-checks", "");
        }
        yield Optional.empty();
      }
    };
  }

  private void wrongType(Source source, String key, Type given, String wanted) {
    String advice = given.isOptional() ? "It may be absent: add .orValue(…)." : "";
    problems.add(
        source.at(),
        key,
        "'%s', which is of type %s".formatted(source.text(), given),
        "a value of type " + wanted,
        advice);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }
}
