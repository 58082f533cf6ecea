package dev.pvebot.runbooks.planner;

import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.expression.Compiled;
import dev.pvebot.runbooks.expression.Data;
import dev.pvebot.runbooks.expression.Expressions;
import dev.pvebot.runbooks.expression.Result;
import dev.pvebot.runbooks.expression.Template;
import dev.pvebot.runbooks.expression.Type;
import dev.pvebot.runbooks.format.Durations;
import dev.pvebot.runbooks.format.Source;
import dev.pvebot.runbooks.format.Step;
import dev.pvebot.runbooks.format.Value;
import dev.pvebot.runbooks.plan.PlanStep;
import dev.pvebot.runbooks.planner.Env.Open;
import dev.pvebot.runbooks.planner.Planned.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Turns the steps of a runbook into the steps of a plan: loops are written out, conditions
/// decided, inputs pinned. One use.
///
/// A step that cannot work ends its chain only, so that a person sees the reasons of all chains at
/// once. Where a failure would not keep the others from going on, what cannot work is left out and
/// said so; a plan that nothing is left of is refused.
final class Expansion {
  private static final Set<String> ADDRESS_INPUTS = Set.of("address", "ip", "host");

  private final Actions actions;
  private final Expressions expressions;
  private final Projection projection;
  private final PlanningWorld world;
  private final Optional<String> network;
  private final List<Reason> reasons;
  private final List<String> notes;
  private Risk risk = Risk.READ;

  /// @param network the network that addresses found later must be in
  /// @param reasons gets what stands in the way
  /// @param notes gets what is left out while the others go on
  Expansion(
      Actions actions,
      Expressions expressions,
      Projection projection,
      PlanningWorld world,
      Optional<String> network,
      List<Reason> reasons,
      List<String> notes) {
    this.actions = actions;
    this.expressions = expressions;
    this.projection = projection;
    this.world = world;
    this.network = network;
    this.reasons = reasons;
    this.notes = notes;
  }

  /// Ends a chain.
  private static final class Refusal extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;
    private final transient Reason reason;

    Refusal(Reason reason) {
      super(reason.what());
      this.reason = reason;
    }
  }

  /// The steps that will run, in order.
  List<PlanStep> expand(List<Step> steps, Env env) throws InterruptedException {
    try {
      return steps(steps, "", new Place(env, List.of(), List.of())).steps();
    } catch (Refusal refusal) {
      reasons.add(refusal.reason);
      return List.of();
    }
  }

  /// The highest risk of all that is in the plan.
  Risk risk() {
    return risk;
  }

  /// @param conditions CEL that must hold for what is here to run
  /// @param items of the loops around
  private record Place(Env env, List<String> conditions, List<String> items) {
    Place with(Env other) {
      return new Place(other, conditions, items);
    }

    Place under(String condition) {
      List<String> more = new ArrayList<>(conditions);
      more.add(condition);
      return new Place(env, more, items);
    }

    Place in(String item) {
      List<String> more = new ArrayList<>(items);
      more.add(item);
      return new Place(env, conditions, more);
    }

    Optional<String> onlyIf() {
      return conditions.isEmpty()
          ? Optional.empty()
          : Optional.of(
              conditions.size() == 1
                  ? conditions.getFirst()
                  : conditions.stream()
                      .map(condition -> "(" + condition + ")")
                      .collect(Collectors.joining(" && ")));
    }
  }

  /// @param opened what the steps register, by name
  private record Expanded(List<PlanStep> steps, Map<String, Open> opened) {}

  private Expanded steps(List<Step> steps, String prefix, Place place)
      throws Refusal, InterruptedException {
    List<PlanStep> planned = new ArrayList<>();
    Map<String, Open> opened = new LinkedHashMap<>();
    Place here = place;
    for (Step step : steps) {
      Expanded expanded = step(step, prefix, here);
      planned.addAll(expanded.steps);
      opened.putAll(expanded.opened);
      here = here.with(here.env.with(Registered.by(step, actions), expanded.opened));
    }
    return new Expanded(planned, opened);
  }

  private Expanded step(Step step, String prefix, Place place)
      throws Refusal, InterruptedException {
    return step.loop().isPresent()
        ? loop(step, step.loop().get(), prefix, place)
        : one(step, prefix + step.id(), step.title(), place);
  }

  private Expanded loop(Step step, Step.Loop loop, String prefix, Place place)
      throws Refusal, InterruptedException {
    Compiled.Checked checked = compiled(loop.items().text(), place.env, step);
    Object value = now(checked, place.env, step);
    Type element = checked.type() instanceof Type.ListOf(Type inner) ? inner : Type.Scalar.DYN;
    if (((Collection<?>) value).isEmpty()) {
      Map<String, Open> none = new LinkedHashMap<>();
      names(step).forEach(name -> none.put(name, new Open.ByItem(Map.of())));
      return new Expanded(List.of(), none);
    }
    int parallel = loop.parallel().isPresent() ? number(loop.parallel().get(), place.env, step) : 1;
    List<PlanStep> children = new ArrayList<>();
    Map<String, Map<String, Open>> byName = new LinkedHashMap<>();
    Registered.by(step, actions).keySet().forEach(name -> byName.put(name, new LinkedHashMap<>()));
    Set<String> keys = new java.util.HashSet<>();
    List<Reason> leftOut = new ArrayList<>();
    int index = 0;
    for (Object item : (Collection<?>) value) {
      String key = itemKey(item, element, index++);
      if (!keys.add(key)) {
        throw refused(
            step,
            "the item '%s' is in the list twice".formatted(key),
            "Each item may be there once.");
      }
      Projection.Mark before = projection.mark();
      Env inside = place.env.with(loop.as().text(), element, item);
      try {
        Expanded expanded =
            one(
                step,
                prefix + step.id() + "[" + key + "]",
                title(step, key),
                place.with(inside).in(key));
        children.addAll(expanded.steps);
        expanded.opened.forEach((name, open) ->
            byName.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(key, open));
      } catch (Refusal refusal) {
        projection.back(before);
        (goesOn(step) ? leftOut : reasons).add(refusal.reason);
      }
    }
    if (children.isEmpty() && !leftOut.isEmpty() && !place.items.isEmpty()) {
      throw new Refusal(leftOut.getFirst());
    }
    if (children.isEmpty()) {
      reasons.addAll(leftOut);
    } else {
      leftOut.forEach(reason -> notes.add("Left out: " + reason.sentence()));
    }
    Map<String, Open> opened = new LinkedHashMap<>();
    byName.forEach((name, items) -> opened.put(name, new Open.ByItem(items)));
    return new Expanded(
        children.isEmpty()
            ? List.of()
            : List.of(new PlanStep.Group(prefix + step.id(), step.title(), parallel, children)),
        opened);
  }

  /// Whether a failure in one chain keeps no other from going on.
  private static boolean goesOn(Step step) {
    return switch (step) {
      case Step.Act act -> act.onFailure() == PlanStep.OnFailure.CONTINUE;
      case Step.Group group -> group.children().stream().allMatch(Expansion::goesOn);
      case Step.Manual _ -> false;
    };
  }

  private static String title(Step step, String item) {
    return step instanceof Step.Group ? item : step.title() + " " + item;
  }

  /// A guest is known by its VMID, a machine by its name, a plain value by itself.
  private static String itemKey(Object item, Type type, int index) {
    String key =
        switch (item) {
          case Map<?, ?> map
              when type instanceof Type.Struct struct
                  && struct.equals(Type.ofRecord(World.Guest.class)) ->
              String.valueOf(map.get("vmid"));
          case Map<?, ?> map when map.get("name") instanceof String name -> name;
          case String text -> text;
          case Long number -> number.toString();
          default -> Integer.toString(index);
        };
    return key.replaceAll("[\\[\\]/]", "_");
  }

  private Expanded one(Step step, String key, String title, Place place)
      throws Refusal, InterruptedException {
    Place here = place;
    if (step.when().isPresent()) {
      Compiled.Checked condition = compiled(step.when().get().text(), place.env, step);
      if (isOpen(condition, place.env)) {
        here = place.under(closed(condition, place.env));
      } else if (!now(condition, place.env, step).equals(true)) {
        Map<String, Open> absent = new LinkedHashMap<>();
        names(step).forEach(name -> absent.put(name, new Open.Absent()));
        return new Expanded(List.of(), absent);
      }
    }
    return switch (step) {
      case Step.Group group -> {
        Expanded inside = steps(group.children(), key + "/", here);
        yield inside.steps.isEmpty()
            ? inside
            : new Expanded(List.of(new PlanStep.Group(key, title, 1, inside.steps)), inside.opened);
      }
      case Step.Manual manual -> {
        risk = risk.atLeast(Risk.DISRUPTIVE);
        projection.add(
            new Effect(
                Effect.Kind.CHANGE, new Effect.Subject.Elsewhere(title), "by hand: " + title));
        yield new Expanded(
            List.of(
                new PlanStep.Manual(
                    key, title, text(manual.text(), here.env, step), here.onlyIf())),
            Map.of());
      }
      case Step.Act act -> act(act, key, title, here);
    };
  }

  private static Set<String> names(Step step) {
    return switch (step) {
      case Step.Act act -> act.register().map(name -> Set.of(name.text())).orElse(Set.of());
      case Step.Group group ->
          group.children().stream()
              .flatMap(child -> names(child).stream())
              .collect(Collectors.toSet());
      case Step.Manual _ -> Set.of();
    };
  }

  // --- one call
  // ---------------------------------------------------------------------------------------------------------

  private Expanded act(Step.Act act, String key, String title, Place place)
      throws Refusal, InterruptedException {
    Action<?, ?> action =
        actions
            .named(act.action().text())
            .orElseThrow(() ->
                new Refusal(
                    Reason.of(
                        "%s: there is no action %s".formatted(title, act.action().text()),
                        "`pvebot runbook lint` shows what is wrong with the runbook.")));
    Map<String, Object> known = new LinkedHashMap<>();
    Map<String, PlanStep.Deferred> deferred = new LinkedHashMap<>();
    for (Map.Entry<String, Step.Input> input : act.with().entrySet()) {
      Compiled.Checked checked =
          compiled(expression(input.getValue().value(), act), place.env, act);
      if (isOpen(checked, place.env)) {
        deferred.put(input.getKey(), deferred(act, input.getKey(), checked, place.env));
      } else {
        Data.fromValue(now(checked, place.env, act))
            .ifPresent(value -> known.put(input.getKey(), value));
      }
    }
    Risk traits = Risks.of(action);
    if (traits == Risk.DESTRUCTIVE && !deferred.isEmpty()) {
      throw new Refusal(
          Reason.of(
              "%s: %s is known only after an earlier step, and this step destroys"
                  .formatted(title, String.join(", ", deferred.keySet())),
              "A destructive step needs a target that the plan can name; change the runbook."));
    }
    Projection.Step taken = preview(action, act, title, known, deferred);
    Optional<Reason> forbidden = Guard.forbids(world, traits, taken);
    if (forbidden.isPresent()) {
      throw new Refusal(forbidden.get());
    }
    Risk raised = taken.unprotected().isEmpty() ? traits : Risk.DESTRUCTIVE;
    risk = risk.atLeast(raised);
    Map<String, Object> inputs = new LinkedHashMap<>(taken.inputs());
    inputs.putAll(deferred);
    Optional<PlanStep.Until> until = Optional.empty();
    if (act.until().isPresent()) {
      Step.Until wanted = act.until().get();
      Compiled.Checked that =
          compiled(
              wanted.that().text(),
              place.env.withType("output", Type.ofRecord(action.outputs())),
              act);
      until = Optional.of(new PlanStep.Until(closed(that, place.env), wanted.every()));
    }
    PlanStep.Act planned =
        new PlanStep.Act(
            key,
            title,
            action.name(),
            inputs,
            raised,
            place.onlyIf(),
            until,
            act.timeout().isPresent()
                ? timeout(act.timeout().get(), place.env, act)
                : action.traits().timeout(),
            act.retries().map(Step.Retries::count).orElse(0),
            act.onFailure(),
            act.register().map(Source::text),
            taken.estimate());
    Map<String, Open> opened = new LinkedHashMap<>();
    act.register()
        .ifPresent(name ->
            opened.put(name.text(), new Open.Output(place.items, planned.mayLeaveNothing())));
    return new Expanded(List.of(planned), opened);
  }

  private Projection.Step preview(
      Action<?, ?> action,
      Step.Act act,
      String title,
      Map<String, Object> known,
      Map<String, PlanStep.Deferred> deferred)
      throws Refusal, InterruptedException {
    Type.Struct inputs = (Type.Struct) Type.ofRecord(action.inputs());
    boolean incomplete =
        deferred.keySet().stream()
            .anyMatch(name -> !(inputs.fields().get(name) instanceof Type.OptionalOf));
    if (incomplete) {
      List<Effect> effects = new ArrayList<>();
      if (action.traits().risk() != Risk.READ) {
        Effect effect = unknown(title, deferred.keySet());
        effects.add(effect);
        projection.add(effect);
      }
      return new Projection.Step(known, effects, Duration.ZERO, List.of(), List.of());
    }
    try {
      return projection.take(action, known);
    } catch (ActionFailure failure) {
      throw new Refusal(new Reason(failure.what(), failure.why(), failure.now()));
    } catch (IllegalArgumentException e) {
      throw refused(act, String.valueOf(e.getMessage()), "Correct the value, or the runbook.");
    }
  }

  /// The effect of a step of which nothing can be shown yet.
  static Effect unknown(String title, Collection<String> inputs) {
    return new Effect(
        Effect.Kind.CHANGE,
        new Effect.Subject.Elsewhere(title),
        "%s: %s known after an earlier step".formatted(title, String.join(", ", inputs)));
  }

  // --- values
  // -----------------------------------------------------------------------------------------------------------

  private PlanStep.Deferred deferred(Step.Act act, String input, Compiled.Checked checked, Env env)
      throws Refusal {
    Optional<String> within = Optional.empty();
    if (act.within().containsKey(input)) {
      Source bound = java.util.Objects.requireNonNull(act.within().get(input));
      within =
          Optional.of(
              closed(
                  compiled(bound.text(), env.withType("value", checked.type().required()), act),
                  env));
    } else if (network.isPresent() && ADDRESS_INPUTS.contains(input)) {
      within = Optional.of("inCidr(value, %s)".formatted(Expressions.literal(network.get())));
    }
    return new PlanStep.Deferred(
        closed(checked, env), checked.type().required().toString(), within);
  }

  /// A value of a runbook as one expression.
  private static String expression(Value value, Step step) throws Refusal {
    return switch (value) {
      case Value.Text(Source source) -> template(source, step).asExpression();
      case Value.Plain plain -> Expressions.literal(plain.value());
      case Value.Items items -> {
        List<String> parts = new ArrayList<>();
        for (Value item : items.items()) {
          parts.add(expression(item, step));
        }
        yield "[" + String.join(", ", parts) + "]";
      }
      case Value.Entries entries -> {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Value> entry : entries.entries().entrySet()) {
          parts.add(
              Expressions.literal(entry.getKey()) + ": " + expression(entry.getValue(), step));
        }
        yield "{" + String.join(", ", parts) + "}";
      }
    };
  }

  private static Template template(Source source, Step step) throws Refusal {
    try {
      return Template.parse(source.text());
    } catch (Template.Unclosed e) {
      throw refused(step, String.valueOf(e.getMessage()), "Correct the runbook.");
    }
  }

  private String text(Source source, Env env, Step step) throws Refusal {
    return String.valueOf(
        now(compiled(template(source, step).asExpression(), env, step), env, step));
  }

  private int number(Value value, Env env, Step step) throws Refusal {
    Object number = now(compiled(expression(value, step), env, step), env, step);
    if (number instanceof Long whole && whole > 0 && whole <= Integer.MAX_VALUE) {
      return Math.toIntExact(whole);
    }
    throw refused(
        step,
        "found %s; expected a whole number above 0".formatted(number),
        "Correct the runbook.");
  }

  private Duration timeout(Value value, Env env, Step step) throws Refusal {
    Optional<Duration> literal =
        value instanceof Value.Text(Source source)
            ? Durations.parse(source.text())
            : Optional.empty();
    return literal.isPresent() ? literal.get() : Duration.ofSeconds(number(value, env, step));
  }

  private Compiled.Checked compiled(String source, Env env, Step step) throws Refusal {
    return switch (expressions.compile(source, env.scope())) {
      case Compiled.Checked checked -> checked;
      case Compiled.Rejected rejected ->
          throw refused(
              step, rejected.why(), "`pvebot runbook lint` shows what is wrong with the runbook.");
    };
  }

  private static boolean isOpen(Compiled.Checked checked, Env env) {
    return checked.names().stream().anyMatch(env.open()::containsKey);
  }

  private String closed(Compiled.Checked checked, Env env) {
    return expressions.close(checked, env.bindings(), env.known());
  }

  private Object now(Compiled.Checked checked, Env env, Step step) throws Refusal {
    return switch (expressions.evaluate(checked, env.known())) {
      case Result.Value(Object value) -> value;
      case Result.Failed(String why) ->
          throw refused(step, why, "Correct the runbook or what was said.");
    };
  }

  private static Refusal refused(Step step, String what, String now) {
    return new Refusal(Reason.of("%s: %s".formatted(step.title(), what), now));
  }
}
