package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How one intent is said: its parameters, what it needs, and the sets of concepts that mean it.
///
/// @param group the heading under which help lists it
/// @param needs groups of parameters; of each group one must be given
/// @param may concepts that add nothing
record Frame(
    String group,
    String intent,
    Risk risk,
    String summary,
    List<Param> params,
    List<List<String>> needs,
    List<Rule> rules,
    Set<String> may,
    List<String> examples) {

  Frame {
    params = List.copyOf(params);
    needs = needs.stream().map(List::copyOf).toList();
    rules = List.copyOf(rules);
    may = Set.copyOf(may);
    examples = List.copyOf(examples);
  }

  /// @param after the value stands after one of these words
  /// @param before the value stands before one of these nouns
  /// @param loose whether the one word left over may be the value
  record Param(String name, Kind kind, Set<String> after, Set<String> before, boolean loose) {}

  /// What must be in the sentence, all of it, in any order.
  record Rule(List<Item> items) {
    Rule {
      items = List.copyOf(items);
    }

    static Rule parse(String text) {
      return new Rule(Resource.split(text, ' ').stream().map(Item::parse).toList());
    }
  }

  sealed interface Item {
    static Item parse(String word) {
      return word.startsWith("@")
          ? new Value(word.substring(1))
          : new Word(Resource.split(word, '|'));
    }
  }

  /// One of these concepts.
  record Word(List<String> concepts) implements Item {}

  /// A value of this type: `vm`, `node`, `cluster`, `op`, `tag`, …
  record Value(String type) implements Item {}

  Optional<Param> param(String name) {
    return params.stream().filter(param -> param.name().equals(name)).findFirst();
  }

  Frame withRules(List<Rule> more, List<Param> moreParams, Risk atLeast) {
    List<Rule> all = new ArrayList<>(rules);
    all.addAll(more);
    List<Param> allParams = new ArrayList<>(params);
    for (Param param : moreParams) {
      if (param(param.name()).isEmpty()) {
        allParams.add(param);
      }
    }
    return new Frame(
        group, intent, risk.atLeast(atLeast), summary, allParams, needs, all, may, examples);
  }

  /// Every concept that one of the rules asks for.
  Set<String> concepts() {
    return rules.stream()
        .flatMap(rule -> rule.items().stream())
        .flatMap(item -> item instanceof Word word ? word.concepts().stream() : Stream.empty())
        .collect(Collectors.toSet());
  }

  boolean isNeeded(String param) {
    return needs.stream().anyMatch(group -> group.contains(param));
  }

  /// As the outside sees it.
  Catalog.Entry entry() {
    return new Catalog.Entry(
        intent,
        risk,
        summary,
        params.stream()
            .map(p ->
                new Catalog.Param(
                    p.name(), p.kind().type(), needs.contains(List.of(p.name())), Optional.empty()))
            .toList(),
        List.of(),
        examples);
  }
}
