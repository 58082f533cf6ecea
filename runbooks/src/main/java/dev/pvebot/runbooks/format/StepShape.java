package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlNode;
import dev.pvebot.runbooks.plan.PlanStep.OnFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a `yaml step` block may say.
final class StepShape {
  static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");

  /// What CEL keeps for itself; a name such as `in` could not be used.
  private static final java.util.Set<String> RESERVED =
      java.util.Set.of(
          "as",
          "break",
          "const",
          "continue",
          "else",
          "false",
          "for",
          "function",
          "if",
          "import",
          "in",
          "let",
          "loop",
          "package",
          "namespace",
          "null",
          "return",
          "true",
          "value",
          "var",
          "void",
          "while",
          "output",
          "cel",
          "optional");

  private StepShape() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches() && !RESERVED.contains(text);
  }

  /// The block as it was written.
  ///
  /// @param manual the text of the step, or `true` for the prose under the heading
  record Block(
      Position at,
      Optional<String> id,
      Optional<Source> action,
      Map<String, Step.Input> with,
      Map<String, Source> within,
      Optional<Source> when,
      Optional<Step.Loop> loop,
      Optional<Step.Until> until,
      Optional<Value> timeout,
      Optional<Step.Retries> retries,
      OnFailure onFailure,
      Optional<Source> register,
      Optional<Value> manual) {}

  /// @param hasChildren then only `for_each`, `as`, `when`, `parallel` and `id` are allowed
  static Shape<Block> shape(YamlText yaml, boolean hasChildren) {
    return (node, key, problems) ->
        Shape.<Block>mapping(fields -> block(yaml, node.position(), fields, hasChildren))
            .read(node, key, problems);
  }

  private static Optional<Block> block(
      YamlText yaml, Position at, Fields fields, boolean hasChildren) {
    Optional<String> id =
        fields.optional(
            "id",
            Shape.parsed(
                "lower-case letters and digits with inner hyphens", text -> matching(ID, text)));
    Optional<Source> forEach = fields.optional("for_each", yaml.condition());
    Optional<Source> as = fields.optional("as", name(yaml));
    Optional<Value> parallel = fields.optional("parallel", yaml.value());
    Optional<Source> when = fields.optional("when", yaml.condition());
    if (forEach.isPresent() && as.isEmpty() && !fields.has("as")) {
      fields.problem("as", "nothing", "a name for the item", "Say `as: m` to use it as `m`.");
    }
    if (forEach.isEmpty() && !fields.has("for_each")) {
      for (String alone : List.of("as", "parallel")) {
        if (fields.has(alone)) {
          fields.problem(
              alone,
              "this key",
              "it beside `for_each`",
              "Without a loop there is nothing to do side by side.");
        }
      }
    }
    Optional<Step.Loop> loop =
        forEach.flatMap(items -> as.map(item -> new Step.Loop(items, item, parallel)));
    if (hasChildren) {
      for (String leafOnly :
          List.of(
              "do",
              "with",
              "within",
              "until",
              "every",
              "timeout",
              "retries",
              "on_failure",
              "register",
              "manual")) {
        fields.refuse(
            leafOnly,
            "only id, for_each, as, parallel and when in a heading with steps below it",
            "Give the action a heading of its own.");
      }
      return fields.build(() ->
          new Block(
              at,
              id,
              Optional.empty(),
              Map.of(),
              Map.of(),
              when,
              loop,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              OnFailure.STOP,
              Optional.empty(),
              Optional.empty()));
    }
    return leaf(yaml, at, fields, id, when, loop);
  }

  private static Optional<Block> leaf(
      YamlText yaml,
      Position at,
      Fields fields,
      Optional<String> id,
      Optional<Source> when,
      Optional<Step.Loop> loop) {
    Optional<Source> action = fields.optional("do", action(yaml));
    Optional<Map<String, Step.Input>> with = fields.optional("with", inputs(yaml));
    Optional<Map<String, Source>> within = fields.optional("within", Shape.mapOf(yaml.condition()));
    Optional<Source> until = fields.optional("until", yaml.condition());
    Optional<Duration> every = fields.optional("every", duration());
    Optional<Value> timeout = fields.optional("timeout", timeout(yaml));
    Optional<Step.Retries> retries = fields.optional("retries", retries());
    Optional<OnFailure> onFailure = fields.optional("on_failure", Shape.oneOf(OnFailure.class));
    Optional<Source> register = fields.optional("register", name(yaml));
    Optional<Value> manual = fields.optional("manual", manual(yaml));
    if (fields.has("do") == fields.has("manual")) {
      fields.problem(
          "do",
          fields.has("do") ? "both `do` and `manual`" : "neither `do` nor `manual`",
          "one of them",
          "A step calls one action, or a person does it.");
    }
    if (fields.has("manual")) {
      for (String automatic :
          List.of(
              "with", "within", "until", "every", "timeout", "retries", "on_failure", "register")) {
        fields.refuse(automatic, "it only beside `do`", "A person presses Done when it is done.");
      }
    }
    if (fields.has("every") && !fields.has("until")) {
      fields.problem("every", "this key", "it beside `until`", "Say what is waited for.");
    }
    return fields.build(() ->
        new Block(
            at,
            id,
            action,
            with.orElse(Map.of()),
            within.orElse(Map.of()),
            when,
            loop,
            until.map(that -> new Step.Until(that, every.orElse(Duration.ofSeconds(5)))),
            timeout,
            retries,
            onFailure.orElse(OnFailure.STOP),
            register,
            manual));
  }

  private static Shape<Source> name(YamlText yaml) {
    return (node, key, problems) ->
        yaml.source()
            .read(node, key, problems)
            .filter(source -> {
              boolean good = isName(source.text());
              if (!good) {
                problems.add(
                    source.at(),
                    key,
                    node.describe(),
                    "a name of lower-case letters, digits and underscores",
                    RESERVED.contains(source.text())
                        ? "Expressions use this word themselves."
                        : "");
              }
              return good;
            });
  }

  private static Shape<Source> action(YamlText yaml) {
    return (node, key, problems) ->
        yaml.source()
            .read(node, key, problems)
            .filter(source -> {
              boolean good = ACTION.matcher(source.text()).matches();
              if (!good) {
                problems.add(
                    source.at(),
                    key,
                    node.describe(),
                    "the name of an action, for example pve.vm.start",
                    "");
              }
              return good;
            });
  }

  private static Shape<Map<String, Step.Input>> inputs(YamlText yaml) {
    return (node, key, problems) -> {
      if (!(node instanceof YamlNode.Mapping mapping)) {
        problems.add(node.position(), key, node.describe(), "a mapping of inputs", "");
        return Optional.empty();
      }
      Map<String, Step.Input> inputs = new LinkedHashMap<>();
      for (YamlNode.Entry entry : mapping.entries()) {
        yaml.value()
            .read(entry.value(), key + "." + entry.key(), problems)
            .ifPresent(
                value -> inputs.put(entry.key(), new Step.Input(entry.keyPosition(), value)));
      }
      return inputs.size() == mapping.entries().size() ? Optional.of(inputs) : Optional.empty();
    };
  }

  private static Shape<Duration> duration() {
    return Shape.parsed(
        "a duration such as 5s, 10m or 1h",
        text -> Durations.parse(text).orElseThrow(() -> new IllegalArgumentException(text)));
  }

  private static Shape<Value> timeout(YamlText yaml) {
    return (node, key, problems) ->
        yaml.value()
            .read(node, key, problems)
            .filter(value -> {
              boolean good =
                  value instanceof Value.Text(Source text)
                      && (text.text().contains("{{") || Durations.parse(text.text()).isPresent());
              if (!good) {
                problems.add(
                    node.position(),
                    key,
                    node.describe(),
                    "a duration such as 5s, 10m or 1h, or an expression that gives seconds",
                    "");
              }
              return good;
            });
  }

  private static Shape<Step.Retries> retries() {
    return (node, key, problems) ->
        Shape.integer(0, 20)
            .read(node, key, problems)
            .map(count -> new Step.Retries(count, node.position()));
  }

  private static Shape<Value> manual(YamlText yaml) {
    return (node, key, problems) ->
        yaml.value()
            .read(node, key, problems)
            .filter(value -> {
              boolean good =
                  value instanceof Value.Text
                      || (value instanceof Value.Plain(Object flag, Position _)
                          && flag.equals(true));
              if (!good) {
                problems.add(
                    node.position(),
                    key,
                    node.describe(),
                    "what to do, or true",
                    "With true the prose under the heading is shown.");
              }
              return good;
            });
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }
}
