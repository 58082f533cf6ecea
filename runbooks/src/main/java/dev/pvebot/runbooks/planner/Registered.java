package dev.pvebot.runbooks.planner;

import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.expression.Type;
import dev.pvebot.runbooks.format.Source;
import dev.pvebot.runbooks.format.Step;
import dev.pvebot.runbooks.plan.PlanStep.OnFailure;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The names that a step leaves to later steps, with their types: the output as it is, an optional
/// where the step may have been skipped or may have failed, and a map by item where it ran for each
/// of several.
public final class Registered {
  private Registered() {}

  public static Map<String, Type> by(Step step, Actions actions) {
    Map<String, Type> inside =
        switch (step) {
          case Step.Act act -> output(act, actions);
          case Step.Group group -> {
            Map<String, Type> all = new TreeMap<>();
            group.children().forEach(child -> all.putAll(by(child, actions)));
            yield all;
          }
          case Step.Manual _ -> Map.of();
        };
    Map<String, Type> outside = new TreeMap<>();
    inside.forEach((name, type) -> outside.put(name, seenFromOutside(step, type)));
    return outside;
  }

  private static Map<String, Type> output(Step.Act act, Actions actions) {
    Optional<Type> type =
        actions.named(act.action().text()).map(Action::outputs).map(Type::ofRecord);
    return act.register()
        .map(Source::text)
        .flatMap(name -> type.map(t -> Map.of(name, t)))
        .orElse(Map.of());
  }

  private static Type seenFromOutside(Step step, Type type) {
    boolean fails = step instanceof Step.Act act && act.onFailure() == OnFailure.CONTINUE;
    boolean mayBeMissing = step.when().isPresent() || fails;
    Type maybe = mayBeMissing && !type.isOptional() ? new Type.OptionalOf(type) : type;
    return step.loop().isPresent() ? new Type.MapOf(maybe) : maybe;
  }
}
