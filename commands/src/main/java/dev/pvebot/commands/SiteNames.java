package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names of one site: clusters with their aliases, nodes, machines. A part of a cluster's name
/// (its first or last segment) is an alias too where it singles the cluster out and is no word of
/// the catalog.
final class SiteNames {
  /// Short forms of the usual environments.
  private static final Map<String, List<String>> SHORT =
      Map.of(
          "production", List.of("prod", "prd"),
          "staging", List.of("stage", "stg"),
          "development", List.of("dev", "devel"),
          "testing", List.of("test"),
          "prod", List.of("production"),
          "stage", List.of("staging"),
          "dev", List.of("development"));

  private final Map<String, Values> names = new HashMap<>();

  SiteNames(Catalog catalog) {
    Map<String, Set<String>> natural = new HashMap<>();
    catalog
        .clusters()
        .forEach((cluster, aliases) -> {
          put(cluster, new Values.Cluster(cluster));
          aliases.forEach(alias -> put(alias, new Values.Cluster(cluster)));
          for (String part : segments(cluster)) {
            natural.computeIfAbsent(part, _ -> new HashSet<>()).add(cluster);
          }
        });
    natural.forEach((part, owners) -> natural(part, owners));
    Map<String, Set<String>> shorts = new HashMap<>();
    natural.forEach((part, owners) ->
        SHORT
            .getOrDefault(part, List.of())
            .forEach(each -> shorts.computeIfAbsent(each, _ -> new HashSet<>()).addAll(owners)));
    shorts.forEach((part, owners) -> natural(part, owners));
    catalog.nodes().forEach(node -> put(node, new Values.Node(node)));
    catalog.machines().forEach(this::machine);
  }

  /// A machine may be called anything; a name that means something already keeps its meaning.
  private void machine(String name, int vmid) {
    String key = name.toLowerCase(Locale.ROOT);
    boolean telling = key.length() > 1 && !key.chars().allMatch(Character::isDigit);
    if (telling && !names.containsKey(key) && !Lexicon.ENGLISH.speaks(key)) {
      names.put(key, new Values.Machine(vmid));
    }
  }

  private void natural(String part, Set<String> owners) {
    String key = part.toLowerCase(Locale.ROOT);
    if (owners.size() == 1
        && !names.containsKey(key)
        && !Lexicon.ENGLISH.speaks(key)
        && key.length() > 1) {
      names.put(key, new Values.Cluster(owners.iterator().next()));
    }
  }

  private void put(String name, Values value) {
    String key = name.toLowerCase(Locale.ROOT);
    names.put(key, value);
  }

  /// First and last segment of a name, in lower case.
  private static List<String> segments(String cluster) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    String low = cluster.toLowerCase(Locale.ROOT);
    for (int i = 0; i <= low.length(); i++) {
      if (i == low.length() || "-_.".indexOf(low.charAt(i)) >= 0) {
        if (i > from && (from > 0 || i < low.length())) {
          parts.add(low.substring(from, i));
        }
        from = i + 1;
      }
    }
    return parts.size() < 2 ? parts : List.of(parts.getFirst(), parts.getLast());
  }

  /// A name exactly, or a node by its full host name, or with zeros before its number left out.
  Optional<Values> find(String low) {
    Values value = names.get(low);
    if (value != null) {
      return Optional.of(value);
    }
    int dot = low.indexOf('.');
    if (dot > 0 && names.get(low.substring(0, dot)) instanceof Values.Node node) {
      return Optional.of(node);
    }
    return Optional.empty();
  }

  /// Names that a misspelt word may be meant for; digits must agree but for leading zeros.
  List<Values> near(String low) {
    int tolerance = Math.max(1, Spelling.tolerance(low.length()));
    if (low.length() < 4 || low.length() > 40) {
      return List.of();
    }
    List<Values> best = new ArrayList<>();
    int limit = tolerance;
    for (Map.Entry<String, Values> each : names.entrySet()) {
      int d = Spelling.distance(low, each.getKey(), limit);
      if (d <= limit && number(low).equals(number(each.getKey()))) {
        if (d < limit) {
          best.clear();
          limit = d;
        }
        if (!best.contains(each.getValue())) {
          best.add(each.getValue());
        }
      }
    }
    return best;
  }

  /// The digits of a name without leading zeros.
  private static String number(String name) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Values.isDigit(c) && !(c == '0' && digits.isEmpty())) {
        digits.append(c);
      }
    }
    return digits.toString();
  }

  List<String> clusters() {
    return sorted(Values.Cluster.class);
  }

  List<String> nodes() {
    return sorted(Values.Node.class);
  }

  private List<String> sorted(Class<? extends Values> type) {
    return names.values().stream()
        .filter(type::isInstance)
        .map(SiteNames::text)
        .distinct()
        .sorted()
        .toList();
  }

  static String text(Values value) {
    return switch (value) {
      case Values.Cluster cluster -> cluster.name();
      case Values.Node node -> node.name();
      case Values.Machine machine -> Integer.toString(machine.vmid());
      case Values.Num num -> Long.toString(num.value());
      default -> value.toString();
    };
  }
}
