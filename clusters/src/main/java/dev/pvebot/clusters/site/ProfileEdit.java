package dev.pvebot.clusters.site;

import dev.pvebot.clusters.yaml.YamlEdit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Changes a profile's text by settings as people say them, and touches only the lines that change.
///
/// A setting is `KEY=VALUE`; lists also take `KEY+=VALUE` and `KEY-=VALUE`, and `KEY=none` takes
/// the key away. A key is a path as in the file (`nodes.workers.count`), a machine's (`ts04.ip`),
/// or one of the short words: `workers`, `cores`, `version`, `vip`, …. Whether the result is a
/// valid profile is for [SiteReader] to say.
public final class ProfileEdit {
  private static final Pattern SETTING = Pattern.compile("([A-Za-z0-9_.\\[\\]-]+?)([+-]?)=(.*)");
  private static final Pattern MEMORY =
      Pattern.compile("(\\d{1,7})(?:\\.0)?(g|gb|gib|m|mb|mib)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern DISK =
      Pattern.compile("(\\d{1,7})(m|g|t)(?:b|ib)?", Pattern.CASE_INSENSITIVE);
  private static final Set<String> LISTS = Set.of("tags", "aliases", "resolvers", "extensions");
  private static final Set<String> TOP =
      Set.of(
          "type",
          "environment",
          "aliases",
          "talos",
          "network",
          "nodes",
          "template",
          "storage",
          "tags",
          "flux",
          "ssh_port");
  private static final Set<String> OF_A_GROUP =
      Set.of("cores", "memory", "disk", "name_prefix", "start_vmid", "placement");
  private static final List<String> GROUPS = List.of("controlplane", "workers", "machines");
  private static final Map<String, String> SHORT = shortWords();

  private YamlEdit edit;

  private ProfileEdit(String text) {
    this.edit = YamlEdit.of(text);
  }

  private static Map<String, String> shortWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("workers", "nodes.workers.count");
    words.put("controlplane", "nodes.controlplane.count");
    words.put("controlplanes", "nodes.controlplane.count");
    words.put("machines", "nodes.machines.count");
    words.put("version", "talos.version");
    words.put("kubernetes", "talos.kubernetes_version");
    words.put("kubernetes_version", "talos.kubernetes_version");
    words.put("extensions", "talos.factory.extensions");
    words.put("vip", "talos.vip.ip");
    words.put("endpoint", "network.api_endpoint");
    for (String key :
        List.of(
            "api_endpoint",
            "pod_cidr",
            "service_cidr",
            "gateway",
            "prefix_length",
            "resolvers",
            "bridge",
            "vlan")) {
      words.put(key, "network." + key);
    }
    return words;
  }

  /// One setting.
  ///
  /// @param sign `+` and `-` for an item of a list, else empty
  record Setting(String key, String sign, String value) {
    static Setting parse(String text) {
      Matcher matcher = SETTING.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'%s' is no setting; expected one such as workers=3".formatted(text));
      }
      return new Setting(
          matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2), matcher.group(3).strip());
    }
  }

  /// The settings in what somebody said, with blanks between.
  public static List<String> settings(String said) {
    return List.of(said.strip().split("\\s+"));
  }

  /// @param settings for example `workers=3`, `tags+=blue`, `ts04.ip=10.0.0.54`
  /// @return the profile's new text
  /// @throws IllegalArgumentException when a setting cannot be made here; the message says which
  ///   and why
  public static String apply(String text, List<String> settings) {
    ProfileEdit edit = new ProfileEdit(text);
    List<Setting> machines = new ArrayList<>();
    for (String setting : settings) {
      Setting parsed = Setting.parse(setting);
      if (edit.isMachines(parsed.key())) {
        machines.add(parsed);
      } else {
        edit.set(edit.path(parsed.key()), parsed);
      }
    }
    // a group may just have grown by the machine that is meant
    machines.forEach(setting -> edit.set(edit.machinePath(setting.key()), setting));
    return edit.edit.text();
  }

  /// The settings that would undo others, as far as such can be said. Whoever offers them holds
  /// them against the text: what they give may differ in a remark or in the order of a list.
  ///
  /// @param text as it was before
  /// @return empty when a value cannot be said in one word
  public static Optional<List<String>> back(String text, List<String> settings) {
    ProfileEdit before = new ProfileEdit(text);
    List<String> back = new ArrayList<>();
    for (String setting : settings) {
      Setting parsed = Setting.parse(setting);
      Optional<String> undo = before.undo(parsed);
      if (undo.filter(said -> said.matches(".*\\s.*")).isPresent()) {
        return Optional.empty();
      }
      undo.ifPresent(back::add);
    }
    return back.isEmpty() ? Optional.empty() : Optional.of(back);
  }

  private Optional<String> undo(Setting setting) {
    String key = setting.key();
    String path;
    try {
      path = isMachines(key) ? machinePath(key) : path(key);
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // a machine that comes with this change goes with it
    }
    String old =
        edit.scalar(path)
            .or(() -> edit.list(path).map(items -> String.join(",", items)))
            .orElse("none");
    return Optional.of(
        switch (setting.sign()) {
          case "+" -> "%s-=%s".formatted(key, setting.value());
          case "-" -> "%s+=%s".formatted(key, setting.value());
          default -> "%s=%s".formatted(key, old);
        });
  }

  private void set(String path, Setting setting) {
    String leaf = path.substring(path.lastIndexOf('.') + 1);
    if (setting.sign().isEmpty() && setting.value().equalsIgnoreCase("none")) {
      edit = edit.remove(path);
    } else if (LISTS.contains(leaf)) {
      edit = edit.setList(path, items(path, setting));
    } else if (!setting.sign().isEmpty()) {
      throw new IllegalArgumentException(
          "%s is no list; say %s=%s".formatted(setting.key(), setting.key(), setting.value()));
    } else {
      edit = edit.set(path, value(leaf, setting.value()));
      if (leaf.equals("count") && setting.value().matches("\\d{1,3}")) {
        fitAssignments(
            path.substring(0, path.length() - ".count".length()),
            Integer.parseInt(setting.value()));
      }
    }
  }

  private List<String> items(String path, Setting setting) {
    List<String> said =
        List.of(setting.value().replaceAll("[\\[\\]]", "").split("[,;]")).stream()
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .toList();
    List<String> items = new ArrayList<>(edit.list(path).orElse(List.of()));
    switch (setting.sign()) {
      case "+" -> said.stream().filter(item -> !items.contains(item)).forEach(items::add);
      case "-" -> items.removeAll(said);
      default -> {
        return said;
      }
    }
    return items;
  }

  private static String value(String leaf, String said) {
    return switch (leaf) {
      case "memory" -> {
        Matcher memory = MEMORY.matcher(said);
        yield !memory.matches()
            ? said
            : memory.group(2) != null && memory.group(2).toLowerCase(Locale.ROOT).startsWith("g")
                ? Long.toString(Long.parseLong(memory.group(1)) * 1024)
                : memory.group(1);
      }
      case "disk" -> {
        Matcher disk = DISK.matcher(said);
        yield disk.matches() ? disk.group(1) + disk.group(2).toUpperCase(Locale.ROOT) : said;
      }
      case "version", "kubernetes_version" -> said.replaceFirst("^v(?=\\d)", "");
      case "environment", "type", "placement" -> said.toLowerCase(Locale.ROOT);
      default -> said;
    };
  }

  /// As many assignments as machines: new ones get the next names, the last ones go.
  private void fitAssignments(String group, int count) {
    String key = group + ".assignments";
    int before = edit.size(key);
    if (before == 0) {
      return;
    }
    String prefix = edit.scalar(group + ".name_prefix").orElseGet(() -> prefixOfFirst(key));
    for (int i = before; i < count; i++) {
      edit = edit.append(key, "{name: %s%02d}".formatted(prefix, i + 1));
    }
    for (int i = before; i > count && count > 0; i--) {
      edit = edit.removeLast(key);
    }
    if (count == 0) {
      edit = edit.remove(key);
    }
  }

  private String prefixOfFirst(String key) {
    return edit.scalar(key + "[0].name").orElse("").replaceFirst("\\d+$", "");
  }

  // --- keys

  private String path(String key) {
    if (key.equals("name")) {
      throw new IllegalArgumentException(
          "a profile keeps its name: make a new one, its machines do not move by themselves");
    }
    if (SHORT.containsKey(key)) {
      return SHORT.getOrDefault(key, key);
    }
    if (OF_A_GROUP.contains(key)) {
      List<String> groups =
          GROUPS.stream().filter(group -> edit.has("nodes." + group + ".count")).toList();
      List<String> used =
          groups.stream()
              .filter(group -> !edit.scalar("nodes." + group + ".count").equals(Optional.of("0")))
              .toList();
      if (used.size() != 1) {
        throw new IllegalArgumentException(
            "%s of which machines? Say %s"
                .formatted(
                    key,
                    groups.stream()
                        .map(group -> "nodes.%s.%s=…".formatted(group, key))
                        .collect(Collectors.joining(" or "))));
      }
      return "nodes.%s.%s".formatted(used.getFirst(), key);
    }
    return key;
  }

  /// Whether the key begins with the name of a machine, which no key of a profile does.
  private boolean isMachines(String key) {
    int dot = key.indexOf('.');
    return dot > 0 && !TOP.contains(key.substring(0, dot)) && !key.startsWith("nodes[");
  }

  private String machinePath(String key) {
    int dot = key.indexOf('.');
    String machine = key.substring(0, dot);
    List<String> known = new ArrayList<>();
    for (String group : GROUPS) {
      String list = "nodes." + group + ".assignments";
      int count = edit.scalar("nodes." + group + ".count").map(ProfileEdit::number).orElse(0);
      String prefix = edit.scalar("nodes." + group + ".name_prefix").orElse("");
      boolean assigned = edit.size(list) > 0;
      for (int i = 0; i < count; i++) {
        String name =
            assigned
                ? edit.scalar("%s[%d].name".formatted(list, i)).orElse("")
                : "%s%02d".formatted(prefix, i + 1);
        if (name.equals(machine)) {
          if (!assigned) {
            writeOut(list, prefix, count);
          }
          return "%s[%d]%s".formatted(list, i, key.substring(dot));
        }
        known.add(name);
      }
    }
    throw new IllegalArgumentException(
        "no machine of the profile is called %s; there is %s"
            .formatted(machine, String.join(", ", known)));
  }

  private void writeOut(String list, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      edit = edit.append(list, "{name: %s%02d}".formatted(prefix, i + 1));
    }
  }

  private static int number(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
  }
}
