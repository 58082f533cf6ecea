package dev.pvebot.clusters.site;

import dev.pvebot.clusters.Cidr;
import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.site.ProfileEdit.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the text of a new profile from what people say about it, or tells what they have to say
/// first. What can be derived from the site is: tags, names, networks that nobody else has.
public final class ProfileDraft {
  /// What has to be said, in the order in which it is asked for. The word is the setting's key.
  public enum Need {
    TYPE,
    VERSION,
    ENDPOINT,
    ENVIRONMENT,
    TEMPLATE,
    MACHINES,
    CORES,
    MEMORY,
    DISK;

    /// The key of the setting.
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What came of it.
  public sealed interface Result {
    /// Something has to be said first.
    record Needs(Need need) implements Result {}

    /// The text of a profile; whether it is valid is for [SiteReader] to say.
    record Text(String yaml) implements Result {}
  }

  private static final Map<String, String> SYNONYMS =
      Map.of(
          "controlplane", "machines",
          "controlplanes", "machines",
          "vip", "endpoint",
          "api_endpoint", "endpoint",
          "kubernetes_version", "kubernetes",
          "count", "machines");

  private final ClusterName name;
  private final Site site;
  private final Map<String, String> said = new LinkedHashMap<>();
  private final List<String> rest = new ArrayList<>();
  private boolean vip = true;

  private ProfileDraft(ClusterName name, List<String> settings, Site site) {
    this.name = name;
    this.site = site;
    Set<String> own =
        Stream.concat(
                Stream.of(Need.values()).map(Need::key),
                Stream.of("workers", "kubernetes", "pod_cidr", "service_cidr"))
            .collect(Collectors.toCollection(TreeSet::new));
    for (String text : settings) {
      Setting setting = Setting.parse(text);
      String key = SYNONYMS.getOrDefault(setting.key(), setting.key());
      if (own.contains(key) && setting.sign().isEmpty()) {
        said.put(key, setting.value());
        vip &= !setting.key().equals("api_endpoint");
      } else {
        rest.add(text);
      }
    }
  }

  /// @param settings as for [ProfileEdit]
  /// @throws IllegalArgumentException when a setting cannot be made; the message says which and why
  public static Result of(ClusterName name, List<String> settings, Site site) {
    ProfileDraft draft = new ProfileDraft(name, settings, site);
    Optional<Need> missing =
        Stream.of(Need.values())
            .filter(need -> !draft.said.containsKey(need.key()))
            .filter(need -> draft.isTalos() || need != Need.VERSION && need != Need.ENDPOINT)
            .findFirst();
    if (missing.isPresent()) {
      return new Result.Needs(missing.get());
    }
    // the values go through the same door as those of an edit, which knows their units
    List<String> later = new ArrayList<>();
    String group = draft.isTalos() ? "controlplane" : "machines";
    for (Need size : List.of(Need.CORES, Need.MEMORY, Need.DISK)) {
      later.add("nodes.%s.%s=%s".formatted(group, size.key(), draft.value(size.key())));
      if (draft.workers() > 0) {
        later.add("nodes.workers.%s=%s".formatted(size.key(), draft.value(size.key())));
      }
    }
    later.addAll(draft.rest);
    return new Result.Text(ProfileEdit.apply(draft.text(), later));
  }

  private boolean isTalos() {
    return "talos".equalsIgnoreCase(said.getOrDefault("type", ""));
  }

  private String value(String key) {
    return said.getOrDefault(key, "");
  }

  private int workers() {
    String workers = value("workers");
    return workers.matches("\\d{1,3}") ? Integer.parseInt(workers) : 0;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    text.append("name: ").append(name).append(" # the same as the file's name\n");
    text.append("type: ").append(value("type").toLowerCase(Locale.ROOT)).append('\n');
    text.append("environment: ")
        .append(value("environment").toLowerCase(Locale.ROOT))
        .append(" # decides what must be confirmed by whom\n\n");
    if (isTalos()) {
      talos(text);
    }
    text.append("nodes:\n");
    if (isTalos()) {
      group(text, "controlplane", value("machines"), "cp");
      if (workers() > 0) {
        group(text, "workers", value("workers"), "w");
      }
    } else {
      group(text, "machines", value("machines"), "");
    }
    Set<String> kind = isTalos() ? site.tags().talos() : site.tags().cloudInit();
    String tags =
        Stream.concat(new TreeSet<>(kind).stream(), Stream.of(name.value()))
            .distinct()
            .collect(Collectors.joining(", "));
    text.append("\ntemplate: ").append(value("template")).append(" # VMID of what is cloned\n");
    text.append("# A VM belongs to this cluster when it has all of these tags.\n");
    return text.append("tags: [").append(tags).append("]\n").toString();
  }

  private void talos(StringBuilder text) {
    text.append("talos:\n  version: \"")
        .append(value("version").replaceFirst("^v", ""))
        .append("\"\n");
    Optional.ofNullable(said.get("kubernetes"))
        .ifPresent(version ->
            text.append("  kubernetes_version: \"")
                .append(version.replaceFirst("^v", ""))
                .append("\"\n"));
    text.append("  config_dir: ~/.config/pvebot/talos/").append(name).append('\n');
    if (vip) {
      text.append("  vip: {ip: ").append(value("endpoint")).append("}\n");
    }
    Cidr pods = free("pod_cidr", pods(), List.of());
    Cidr services = free("service_cidr", services(), List.of(pods));
    text.append("\nnetwork:\n  api_endpoint: ").append(value("endpoint")).append('\n');
    text.append("  pod_cidr: ").append(said.getOrDefault("pod_cidr", pods.toString()));
    text.append(" # apart from those of every other cluster\n  service_cidr: ");
    text.append(said.getOrDefault("service_cidr", services.toString())).append("\n\n");
  }

  private static Stream<String> pods() {
    return Stream.concat(
            Stream.iterate(244, n -> n < 255, n -> n + 1),
            Stream.iterate(243, n -> n > 199, n -> n - 1))
        .map("10.%d.0.0/16"::formatted);
  }

  private static Stream<String> services() {
    return Stream.iterate(96, n -> n < 192, n -> n + 16).map("10.%d.0.0/12"::formatted);
  }

  /// The first network that overlaps with none of the site's; the first of all when none is free,
  /// and the check of the profile then says why it will not do.
  private Cidr free(String key, Stream<String> candidates, List<Cidr> also) {
    Function<ClusterProfile, Stream<Cidr>> taken =
        profile ->
            Stream.of(
                    profile.network().podCidr(),
                    profile.network().serviceCidr(),
                    profile.nodeNetwork())
                .flatMap(Optional::stream);
    List<Cidr> used =
        Stream.concat(site.profiles().stream().flatMap(taken), also.stream()).toList();
    List<Cidr> all = candidates.map(Cidr::parse).toList();
    return all.stream()
        .filter(candidate -> !said.containsKey(key))
        .filter(candidate -> used.stream().noneMatch(candidate::overlaps))
        .findFirst()
        .orElse(all.getFirst());
  }

  private void group(StringBuilder text, String key, String count, String infix) {
    text.append(
        "  %s:\n    count: %s\n    name_prefix: %s-%s\n".formatted(key, count, name, infix));
    text.append("    cores: 1\n    memory: 1024 # MiB\n    disk: 1G\n");
    text.append("    start_vmid: auto # the lowest ones that are free\n    placement: spread\n");
  }
}
