package dev.pvebot.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What can be said, as data: grouped, with the slash form and examples. Who may see what is the
/// asker's filter.
public final class Help {
  private Help() {}

  /// @param title the heading, for example `VMs`
  public record Group(String title, List<Line> lines) {
    public Group {
      lines = List.copyOf(lines);
    }
  }

  /// One command.
  ///
  /// @param usage the slash form: `vm migrate VM… NODE [online=…]`; what is in brackets may be left
  ///   out
  public record Line(
      String intent, Risk risk, String usage, String summary, List<String> examples) {
    public Line {
      examples = List.copyOf(examples);
    }
  }

  /// All commands that the filter lets through, under their headings, without empty groups.
  public static List<Group> groups(Catalog catalog, Predicate<Catalog.Entry> mayUse) {
    Map<String, List<Line>> groups = new LinkedHashMap<>();
    for (Catalog.Entry entry : BuiltIns.with(catalog.commands())) {
      if (mayUse.test(entry)) {
        groups
            .computeIfAbsent(BuiltIns.group(entry.intent()), _ -> new ArrayList<>())
            .add(line(entry));
      }
    }
    return groups.entrySet().stream().map(e -> new Group(e.getKey(), e.getValue())).toList();
  }

  /// The commands that a topic names: an intent (`vm migrate`), a group (`vm`), or any word of a
  /// summary or example.
  ///
  /// @param topic as in the `topic` of a `help` command
  public static List<Line> topic(Catalog catalog, String topic, Predicate<Catalog.Entry> mayUse) {
    String wanted = topic.strip().toLowerCase(Locale.ROOT).replace(' ', '.');
    List<Catalog.Entry> all = BuiltIns.with(catalog.commands()).stream().filter(mayUse).toList();
    List<Predicate<Catalog.Entry>> ways =
        List.of(
            e -> e.intent().equals(wanted),
            e -> e.intent().startsWith(wanted + "."),
            e ->
                wanted.endsWith("s")
                    && e.intent().startsWith(wanted.substring(0, wanted.length() - 1) + "."),
            e -> e.intent().endsWith("." + wanted),
            e -> text(e).contains(wanted.replace('.', ' ')));
    return ways.stream()
        .map(way -> all.stream().filter(way).map(Help::line).toList())
        .filter(lines -> !lines.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static String text(Catalog.Entry entry) {
    return (entry.summary() + " " + String.join(" ", entry.examples())).toLowerCase(Locale.ROOT);
  }

  private static Line line(Catalog.Entry entry) {
    String params = entry.params().stream().map(Help::usage).collect(Collectors.joining(" "));
    String usage = (entry.intent().replace('.', ' ') + " " + params).strip();
    return new Line(entry.intent(), entry.risk(), usage, entry.summary(), entry.examples());
  }

  private static String usage(Catalog.Param param) {
    String word =
        switch (param.type()) {
          case VMS -> "VMID…";
          case VM, TEMPLATE -> param.name().equals("template") ? "TEMPLATE" : "VMID";
          case PROFILE -> "CLUSTER";
          case NODE -> param.name().toUpperCase(Locale.ROOT);
          case OPERATION -> "OPERATION";
          case UPID -> "UPID";
          case URL -> "URL";
          case SIZE -> "SIZE";
          case NAME, TEXT, TAG, INTEGER, MEMORY, CIDR, DISK, STORAGE, VERSION, BOOLEAN, DURATION ->
              param.name() + "=…";
        };
    return param.required() ? word : "[" + word + "]";
  }
}
