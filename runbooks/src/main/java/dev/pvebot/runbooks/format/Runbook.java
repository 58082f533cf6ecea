package dev.pvebot.runbooks.format;

import dev.pvebot.clusters.yaml.Position;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Risk;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A runbook as it was written. Its structure is sound; whether it makes sense to the actions, the
/// linter says.
///
/// @param file the file's name, for problems
/// @param title what a plan of it is called; expressions may stand in it
/// @param nothingToDo what to say when a plan would change nothing; expressions may stand in it
/// @param risk as declared: the least that a plan has
/// @param riskUpTo the most that a plan can come to, when what is said decides that
/// @param intent the command that runs it; without one it is run by its name
/// @param exclusive params whose node nobody else may work on meanwhile; a cluster is always
///   exclusive
/// @param testedWith product -> version
/// @param prose what stands before the first section, for people
/// @param rollback steps offered after a failure
/// @param text the whole file
/// @param digest SHA-256 (hex) of the text
public record Runbook(
    String file,
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
    List<Param> params,
    Set<String> exclusive,
    Map<String, String> testedWith,
    String prose,
    List<Check> checks,
    List<Step> steps,
    List<Step> rollback,
    String text,
    String digest) {

  public Runbook {
    phrases = List.copyOf(phrases);
    examples = List.copyOf(examples);
    params = List.copyOf(params);
    exclusive = Set.copyOf(exclusive);
    testedWith = Collections.unmodifiableMap(new LinkedHashMap<>(testedWith));
    checks = List.copyOf(checks);
    steps = List.copyOf(steps);
    rollback = List.copyOf(rollback);
  }

  /// A parameter.
  ///
  /// @param fallback the value when nothing was said
  /// @param names which guests it may name, where it names any
  /// @param description for people
  public record Param(
      String name,
      Catalog.Type type,
      boolean required,
      Optional<Object> fallback,
      Names names,
      Optional<String> description,
      Position at) {
    /// Whether it is the VMID of what does not exist yet; chosen by the planner when nothing was
    /// said.
    public boolean fresh() {
      return names == Names.NEW;
    }
  }

  /// What a VMID stands for.
  public enum Names {
    /// An existing VM, or an existing template.
    KNOWN,
    /// Nothing yet.
    NEW,
    /// A VM that exists or not: one that is brought back.
    MAYBE,
    /// An existing container.
    CONTAINER
  }

  /// A precondition.
  ///
  /// @param that CEL, boolean
  /// @param otherwise what to say when it does not hold; expressions may stand in it
  public record Check(Source that, Source otherwise) {}

  public Optional<Param> param(String wanted) {
    return params.stream().filter(param -> param.name().equals(wanted)).findFirst();
  }

  /// The steps and those of the rollback, each before the ones inside it.
  public Stream<Step> allSteps() {
    return Stream.concat(steps.stream(), rollback.stream()).flatMap(Runbook::withChildren);
  }

  /// The steps of the section Rollback, with those inside.
  public Stream<Step> allRollbackSteps() {
    return rollback.stream().flatMap(Runbook::withChildren);
  }

  private static Stream<Step> withChildren(Step step) {
    return step instanceof Step.Group group
        ? Stream.concat(Stream.of(step), group.children().stream().flatMap(Runbook::withChildren))
        : Stream.of(step);
  }

  /// What the interpreter needs to know, if a command runs this runbook.
  public Optional<Catalog.Entry> toCatalogEntry() {
    return intent.map(said ->
        new Catalog.Entry(
            said,
            risk,
            summary.text(),
            params.stream()
                .map(p -> new Catalog.Param(p.name(), p.type(), p.required(), p.description()))
                .toList(),
            phrases.stream().map(Source::text).toList(),
            examples.stream().map(Source::text).toList()));
  }
}
