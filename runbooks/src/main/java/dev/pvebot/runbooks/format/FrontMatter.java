package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Fields;
import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlNode;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Risk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What stands between the two `---` lines at the beginning of a runbook.
record FrontMatter(
    String name,
    Source summary,
    Optional<Source> title,
    Optional<Source> nothingToDo,
    Risk risk,
    Optional<Risk> riskUpTo,
    Position riskAt,
    Optional<String> intent,
    List<Source> phrases,
    List<Source> examples,
    List<Runbook.Param> params,
    Set<String> exclusive,
    Map<String, String> testedWith) {

  static Shape<FrontMatter> shape(YamlText yaml) {
    return (node, key, problems) ->
        Shape.<FrontMatter>mapping(fields -> read(yaml, node, fields)).read(node, key, problems);
  }

  private static Optional<FrontMatter> read(YamlText yaml, YamlNode node, Fields fields) {
    Position at = node.position();
    Optional<String> name =
        fields.required(
            "name",
            Shape.parsed(
                "lower-case letters and digits with inner hyphens",
                text -> {
                  if (!StepShape.ID.matcher(text).matches()) {
                    throw new IllegalArgumentException(text);
                  }
                  return text;
                }));
    Optional<Source> summary = fields.required("summary", yaml.source());
    Optional<Source> title = fields.optional("title", yaml.source());
    Optional<Source> nothingToDo = fields.optional("nothing_to_do", yaml.source());
    Optional<Risk> risk = fields.required("risk", Shape.oneOf(Risk.class));
    Optional<Risk> riskUpTo = fields.optional("risk_up_to", Shape.oneOf(Risk.class));
    Optional<String> intent =
        fields.optional(
            "intent",
            Shape.parsed(
                "an intent, for example vm.start",
                text -> {
                  if (!text.matches("[a-z]+(\\.[a-z]+)*")) {
                    throw new IllegalArgumentException(text);
                  }
                  return text;
                }));
    Optional<List<Source>> phrases = fields.optional("phrases", Shape.listOf(yaml.source()));
    Optional<List<Source>> examples = fields.optional("examples", Shape.listOf(yaml.source()));
    Optional<List<Runbook.Param>> params = fields.optional("params", paramsShape());
    Optional<List<String>> exclusive = fields.optional("exclusive", Shape.listOf(Shape.text()));
    Optional<Map<String, String>> testedWith =
        fields.optional("tested_with", Shape.mapOf(Shape.text()));
    Position riskAt =
        node instanceof YamlNode.Mapping mapping
            ? mapping.entry("risk").map(entry -> entry.value().position()).orElse(at)
            : at;
    for (String unknown : exclusive.orElse(List.of())) {
      if (params.orElse(List.of()).stream().noneMatch(param -> param.name().equals(unknown))) {
        fields.problem("exclusive", "'" + unknown + "'", "names of params", "");
      }
    }
    if (phrases.isPresent() && intent.isEmpty()) {
      fields.problem(
          "phrases",
          "phrases without an intent",
          "an intent that they stand for",
          "Add `intent`, or remove them.");
    }
    return fields.build(() ->
        new FrontMatter(
            name.orElseThrow(),
            summary.orElseThrow(),
            title,
            nothingToDo,
            risk.orElseThrow(),
            riskUpTo,
            riskAt,
            intent,
            phrases.orElse(List.of()),
            examples.orElse(List.of()),
            params.orElse(List.of()),
            new TreeSet<>(exclusive.orElse(List.of())),
            testedWith.orElse(Map.of())));
  }

  private static Shape<List<Runbook.Param>> paramsShape() {
    return (node, key, problems) -> {
      if (!(node instanceof YamlNode.Mapping mapping)) {
        problems.add(node.position(), key, node.describe(), "a mapping of parameters", "");
        return Optional.empty();
      }
      List<Runbook.Param> params = new ArrayList<>();
      int before = problems.count();
      for (YamlNode.Entry entry : mapping.entries()) {
        String full = key + "." + entry.key();
        if (!StepShape.isName(entry.key())) {
          problems.add(
              entry.keyPosition(),
              full,
              "'" + entry.key() + "'",
              "a name of lower-case letters, digits and underscores",
              "");
          continue;
        }
        param(entry).read(entry.value(), full, problems).ifPresent(params::add);
      }
      return problems.count() == before ? Optional.of(params) : Optional.empty();
    };
  }

  private static Shape<Runbook.Param> param(YamlNode.Entry entry) {
    return Shape.mapping(fields -> {
      Optional<Catalog.Type> type = fields.required("type", type());
      Optional<Boolean> required = fields.optional("required", Shape.flag());
      Optional<Object> fallback = fields.optional("default", plain());
      Optional<Boolean> fresh = fields.optional("new", Shape.flag());
      Optional<Boolean> maybe = fields.optional("maybe", Shape.flag());
      Optional<Boolean> container = fields.optional("ct", Shape.flag());
      Optional<String> description = fields.optional("description", Shape.text());
      if (required.orElse(false) && fallback.isPresent()) {
        fields.problem(
            "default", "a default", "none for a required parameter", "It would never be used.");
      }
      if (fresh.orElse(false)
          && type.isPresent()
          && type.get() != Catalog.Type.VM
          && type.get() != Catalog.Type.TEMPLATE) {
        fields.problem(
            "new",
            "true",
            "it only for type vm or template",
            "It says that the VMID is not taken yet.");
      }
      if (maybe.orElse(false) && type.isPresent() && type.get() != Catalog.Type.VM) {
        fields.problem(
            "maybe", "true", "it only for type vm", "It says that the VMID may be taken or free.");
      }
      if (container.orElse(false) && type.isPresent() && type.get() != Catalog.Type.VMS) {
        fields.problem("ct", "true", "it only for type vms", "It says that they are containers.");
      }
      if (fresh.orElse(false) && maybe.orElse(false)) {
        fields.problem("maybe", "true", "no new beside it", "One says that it is free.");
      }
      type.ifPresent(known ->
          fallback.ifPresent(value -> {
            if (!fits(known, value)) {
              fields.problem(
                  "default",
                  "'" + value + "'",
                  "a value of type " + known.name().toLowerCase(Locale.ROOT),
                  "");
            }
          }));
      return fields.build(() ->
          new Runbook.Param(
              entry.key(),
              type.orElseThrow(),
              required.orElse(false),
              fallback,
              fresh.orElse(false)
                  ? Runbook.Names.NEW
                  : maybe.orElse(false)
                      ? Runbook.Names.MAYBE
                      : container.orElse(false) ? Runbook.Names.CONTAINER : Runbook.Names.KNOWN,
              description,
              entry.keyPosition()));
    });
  }

  private static boolean fits(Catalog.Type type, Object value) {
    return switch (type) {
      case BOOLEAN -> value instanceof Boolean;
      case INTEGER, MEMORY, OPERATION -> value instanceof Long;
      case DURATION -> value instanceof String text && Durations.parse(text).isPresent();
      // nothing that a person points at is chosen by a file
      case PROFILE, VM, VMS, TEMPLATE -> false;
      case NODE, TAG, NAME, TEXT, SIZE, CIDR, DISK, STORAGE, VERSION, UPID, URL ->
          value instanceof String;
    };
  }

  private static Shape<Object> plain() {
    return (node, key, problems) -> {
      if (node instanceof YamlNode.Scalar scalar) {
        return switch (scalar.kind()) {
          case BOOLEAN -> Optional.of(scalar.text().equalsIgnoreCase("true"));
          case INTEGER ->
              Optional.of(
                  scalar.text().length() <= 18 ? Long.valueOf(scalar.text()) : scalar.text());
          default -> Shape.text().map(text -> (Object) text).read(node, key, problems);
        };
      }
      problems.add(node.position(), key, node.describe(), "a text, a number, true or false", "");
      return Optional.empty();
    };
  }

  private static Shape<Catalog.Type> type() {
    List<String> words =
        Arrays.stream(Catalog.Type.values()).map(t -> t.name().toLowerCase(Locale.ROOT)).toList();
    return (node, key, problems) -> {
      if (node instanceof YamlNode.Scalar scalar && words.contains(scalar.text())) {
        return Optional.of(Catalog.Type.valueOf(scalar.text().toUpperCase(Locale.ROOT)));
      }
      String advice =
          node instanceof YamlNode.Scalar scalar
              ? Nearest.to(scalar.text(), words).map("Did you mean '%s'?"::formatted).orElse("")
              : "";
      problems.add(
          node.position(), key, node.describe(), "one of " + String.join(", ", words), advice);
      return Optional.empty();
    };
  }
}
