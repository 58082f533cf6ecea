package dev.pvebot.clusters.site;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.clusters.yaml.Shape;
import dev.pvebot.clusters.yaml.YamlNode.Mapping;
import dev.pvebot.clusters.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads and checks what stands in a folder: a site, or several.
///
/// A folder with a `cluster-config.yaml` is a site; every other `*.yaml` in it, hidden files and
/// the bot's own `pvebot.yaml` left aside, is one of its profiles. Each folder directly inside it
/// that has a `cluster-config.yaml` of its own is another site. Faults of all files are reported
/// together, and with a single fault nothing is loaded: a profile that could not be read might be
/// the one that another must be kept apart from.
public final class SiteReader {
  static final String SITE_FILE = "cluster-config.yaml";
  private static final String BOT_FILE = "pvebot.yaml";

  private final Path home;

  /// @param home the folder that `~` stands for
  public SiteReader(Path home) {
    this.home = home;
  }

  /// What came of reading.
  public sealed interface Result {
    /// The sites, at least one: that of the folder itself, then those inside it by name of their
    /// folder.
    record Loaded(List<Site> sites) implements Result {
      public Loaded {
        sites = List.copyOf(sites);
      }
    }

    /// Everything that is wrong, by file and line.
    record Refused(List<Problem> problems) implements Result {
      public Refused {
        problems = List.copyOf(problems);
      }
    }
  }

  public Result read(Path folder) {
    return read(folder, Map.of());
  }

  /// Reads a folder as if some of its files said something else.
  ///
  /// @param instead texts by the name of their file, which need not exist
  public Result read(Path folder, Map<String, String> instead) {
    Problems problems = new Problems();
    List<SiteFiles> found =
        siteFolders(folder, problems)
            .map(path -> readSite(folder, path, path.equals(folder) ? instead : Map.of(), problems))
            .toList();
    if (found.isEmpty() && problems.isEmpty()) {
      problems.add(
          Position.file(folder.resolve(SITE_FILE).toString()),
          "",
          "no such file",
          "the site's configuration",
          "Point to the folder that has it; clusters/README.md explains its keys.");
    }
    keepApart(found, problems);
    return problems.isEmpty()
        ? new Result.Loaded(found.stream().map(SiteFiles::whole).toList())
        : new Result.Refused(problems.list());
  }

  /// One folder's files, as far as they could be read.
  private record SiteFiles(Optional<Sourced<Site>> site, List<Sourced<ClusterProfile>> profiles) {
    Site whole() {
      return site.orElseThrow()
          .value()
          .withProfiles(
              profiles.stream()
                  .map(Sourced::value)
                  .sorted(Comparator.comparing(ClusterProfile::name))
                  .toList());
    }
  }

  private static Stream<Path> siteFolders(Path folder, Problems problems) {
    return Stream.concat(
            Stream.of(folder), list(folder, problems).stream().filter(Files::isDirectory))
        .filter(path -> Files.exists(path.resolve(SITE_FILE)));
  }

  private SiteFiles readSite(
      Path root, Path folder, Map<String, String> instead, Problems problems) {
    ValueShapes values = new ValueShapes(folder, home);
    Optional<Sourced<Site>> site =
        readFile(root, folder.resolve(SITE_FILE), instead, new SiteShape(values).shape(), problems);
    List<Sourced<ClusterProfile>> profiles = new ArrayList<>();
    SortedSet<Path> files = new TreeSet<>(profileFiles(root, folder, problems));
    instead.keySet().stream().map(folder::resolve).forEach(files::add);
    files.remove(folder.resolve(SITE_FILE));
    for (Path file : files) {
      Optional<Sourced<RawProfile>> raw =
          readFile(root, file, instead, new ProfileShape(values).shape(), problems);
      raw.ifPresent(read -> checkName(file, read, problems));
      if (raw.isPresent() && site.isPresent()) {
        fillIn(raw.get(), site.get().value(), problems).ifPresent(profiles::add);
      }
    }
    site.ifPresent(read -> {
      profiles.forEach(profile -> ProfileCheck.check(read.value(), profile, problems));
      Isolation.check(read, profiles, problems);
    });
    return new SiteFiles(site, profiles);
  }

  private static Optional<Sourced<ClusterProfile>> fillIn(
      Sourced<RawProfile> raw, Site site, Problems problems) {
    Optional<ClusterProfile> profile = raw.value().in(site);
    if (profile.isEmpty()) {
      raw.problem(
          problems,
          "talos.kubernetes_version",
          "nothing",
          "a version",
          "Name it here, or for all profiles as talos.default_kubernetes_version in %s."
              .formatted(SITE_FILE));
    }
    return profile.map(valid -> new Sourced<>(valid, raw.text()));
  }

  private static <T> Optional<Sourced<T>> readFile(
      Path root, Path file, Map<String, String> instead, Shape<T> shape, Problems problems) {
    String shownAs = root.relativize(file).toString();
    YamlReader.Parsed parsed =
        Optional.ofNullable(instead.get(file.getFileName().toString()))
            .map(text -> YamlReader.read(shownAs, text))
            .orElseGet(() -> YamlReader.read(file, shownAs));
    problems.addAll(parsed.problems());
    if (!parsed.problems().isEmpty()) {
      return Optional.empty();
    }
    if (parsed.root().isEmpty()) {
      problems.add(
          Position.file(shownAs),
          "",
          "an empty file",
          "a mapping",
          "clusters/README.md explains its keys.");
      return Optional.empty();
    }
    return parsed
        .root()
        .flatMap(node ->
            shape
                .read(node, "", problems)
                .map(value ->
                    new Sourced<>(value, node instanceof Mapping text ? text : empty(shownAs))));
  }

  private static Mapping empty(String file) {
    return new Mapping(Position.file(file), List.of());
  }

  /// Whether a file of this name in a site's folder is read.
  public static boolean isOfTheSite(String name) {
    return name.endsWith(".yaml") && !isLeftAside(name);
  }

  private static boolean isLeftAside(String name) {
    return name.startsWith(".") || name.equals(BOT_FILE);
  }

  private static List<Path> profileFiles(Path root, Path folder, Problems problems) {
    List<Path> files = new ArrayList<>();
    for (Path file : list(folder, problems)) {
      String name = file.getFileName().toString();
      if (Files.isDirectory(file) || isLeftAside(name) || name.equals(SITE_FILE)) {
        continue;
      }
      if (isOfTheSite(name)) {
        files.add(file);
      } else if (name.endsWith(".yml")) {
        // left aside it would be a profile that nobody is kept apart from
        problems.add(
            Position.file(root.relativize(file).toString()),
            "",
            "the ending .yml",
            ".yaml",
            "Rename the file, or move it elsewhere if it is no profile.");
      }
    }
    return files;
  }

  private static void checkName(Path file, Sourced<RawProfile> profile, Problems problems) {
    String wanted = file.getFileName().toString().replaceFirst("\\.yaml$", "");
    String name = profile.value().name().value();
    if (!wanted.equals(name)) {
      profile.problem(
          problems,
          "name",
          "'%s'".formatted(name),
          "the file's name '%s'".formatted(wanted),
          "Rename one of the two.");
    }
  }

  /// Several sites: whoever says a name means one thing. Numbers and addresses may repeat from site
  /// to site.
  private static void keepApart(List<SiteFiles> sites, Problems problems) {
    Map<String, Sourced<?>> siteNames = new HashMap<>();
    Map<ClusterName, Sourced<?>> names = new HashMap<>();
    for (SiteFiles files : sites) {
      files
          .site()
          .ifPresent(
              site -> unique(siteNames, site.value().name(), site, "cluster.name", problems));
      Map<ClusterName, Sourced<?>> here = new HashMap<>();
      for (Sourced<ClusterProfile> profile : files.profiles()) {
        // within one site this is a rule of isolation
        Stream.concat(Stream.of(profile.value().name()), profile.value().aliases().stream())
            .filter(name -> here.putIfAbsent(name, profile) == null)
            .forEach(name -> unique(names, name, profile, "name", problems));
      }
    }
  }

  private static <T> void unique(
      Map<T, Sourced<?>> owners, T name, Sourced<?> source, String key, Problems problems) {
    @Nullable Sourced<?> owner = owners.putIfAbsent(name, source);
    if (owner != null) {
      source.problem(
          problems,
          key,
          "the name %s, which another site has".formatted(name),
          "one that no other site has",
          "See %s.".formatted(owner.at(key)));
    }
  }

  private static List<Path> list(Path folder, Problems problems) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      problems.add(
          Position.file(folder.toString()),
          "",
          "a folder that cannot be read (%s)".formatted(e),
          "a readable folder",
          "Check its owner and mode.");
      return List.of();
    }
  }
}
