package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.clusters.yaml.Problem;
import dev.pvebot.clusters.yaml.Problems;
import dev.pvebot.commands.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All runbooks: those that come with the program, and those of a site. A site's runbook takes the
/// place of one with the same name.
///
/// @param runbooks by name
/// @param problems of the files that could not be read; they are not in the library
public record Library(Map<String, Runbook> runbooks, List<Problem> problems) {
  private static final String FOLDER = "/dev/pvebot/runbooks/library/";

  /// Names the files, one a line: resources of a jar cannot be listed. A test holds it against the
  /// folder.
  private static final String INDEX = FOLDER + "index.txt";

  public Library {
    runbooks = Collections.unmodifiableMap(new TreeMap<>(runbooks));
    problems = List.copyOf(problems);
  }

  /// The runbooks that come with the program.
  public static Library load() {
    Collector collector = new Collector();
    for (String file : resource(INDEX).lines().filter(line -> !line.isBlank()).toList()) {
      collector.add(file, resource(FOLDER + file));
    }
    return collector.library();
  }

  /// The runbooks that come with the program, and those of a folder (`*.md`).
  public static Library load(Path folder) {
    Collector collector = new Collector();
    Library shipped = load();
    collector.byName.putAll(shipped.runbooks);
    collector.problems.addAll(shipped.problems);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
        try {
          collector.add(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
          collector.problems.add(unreadable(file, e));
        }
      }
    } catch (IOException e) {
      collector.problems.add(unreadable(folder, e));
    }
    return collector.library();
  }

  private static Problem unreadable(Path path, IOException e) {
    return new Problem(
        Position.file(path.toString()),
        "",
        "something that cannot be read (%s)".formatted(e),
        "UTF-8 text",
        "Check its owner and mode.");
  }

  private static String resource(String name) {
    try (InputStream in = Library.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program is incomplete: %s is missing".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Collector {
    final Map<String, Runbook> byName = new TreeMap<>();
    final Map<String, String> fileOf = new TreeMap<>();
    final Problems problems = new Problems();

    void add(String file, String text) {
      RunbookParser.Parsed parsed = RunbookParser.parse(file, text);
      problems.addAll(parsed.problems());
      parsed.runbook().ifPresent(runbook -> add(file, runbook));
    }

    private void add(String file, Runbook runbook) {
      String before = fileOf.putIfAbsent(runbook.name(), file);
      if (before != null) {
        problems.add(
            Position.file(file),
            "name",
            "'%s', which is the name in %s".formatted(runbook.name(), before),
            "a name of its own",
            "");
        return;
      }
      byName.put(runbook.name(), runbook);
    }

    Library library() {
      Map<String, String> byIntent = new TreeMap<>();
      for (Runbook runbook : List.copyOf(byName.values())) {
        Optional<String> other =
            runbook.intent().map(intent -> byIntent.putIfAbsent(intent, runbook.name()));
        other.ifPresent(name -> {
          byName.remove(runbook.name());
          problems.add(
              Position.file(runbook.file()),
              "intent",
              "'%s', which runs %s".formatted(runbook.intent().orElseThrow(), name),
              "an intent of its own",
              "");
        });
      }
      return new Library(byName, problems.list());
    }
  }

  public Optional<Runbook> named(String name) {
    return Optional.ofNullable(runbooks.get(name));
  }

  public Optional<Runbook> forIntent(String intent) {
    return runbooks.values().stream()
        .filter(runbook -> runbook.intent().equals(Optional.of(intent)))
        .findFirst();
  }

  public Collection<Runbook> all() {
    return runbooks.values();
  }

  /// One entry for each runbook that a command runs, by name of the runbook.
  public List<Catalog.Entry> toCatalogEntries() {
    return runbooks.values().stream()
        .flatMap(runbook -> runbook.toCatalogEntry().stream())
        .toList();
  }
}
