package dev.pvebot.bot.people;

import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Person;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Rights as `pvebot.yaml` gives them: person -> roles -> grants. What nobody granted is refused.
///
/// @param roles grants by the role's name
/// @param people the roles of each person
public record Rights(Map<String, List<Grant>> roles, Map<Person, Set<String>> people) {

  public Rights {
    roles = Map.copyOf(roles);
    people = Map.copyOf(people);
  }

  /// What a role allows on some clusters.
  ///
  /// @param clusters profile names; empty means every cluster and what is in no profile
  /// @param environments empty means every environment
  /// @param ask highest risk the person may ask for
  /// @param approve highest risk the person may approve when somebody else asks
  public record Grant(
      Set<String> clusters,
      Set<Environment> environments,
      Optional<Risk> ask,
      Optional<Risk> approve) {
    public Grant {
      clusters = Set.copyOf(clusters);
      environments = Set.copyOf(environments);
    }

    private boolean covers(Target target) {
      return (clusters.isEmpty() || target.cluster().filter(clusters::contains).isPresent())
          && (environments.isEmpty() || environments.contains(target.environment()));
    }
  }

  /// What an act is about.
  ///
  /// @param cluster the profile it touches, empty for targets in no profile
  public record Target(Optional<String> cluster, Environment environment) {}

  public boolean knows(Person person) {
    return people.containsKey(person);
  }

  public boolean mayAsk(Person person, Risk risk, Target target) {
    return grants(person).stream()
        .anyMatch(grant ->
            grant.covers(target)
                && grant.ask().filter(max -> max.compareTo(risk) >= 0).isPresent());
  }

  public boolean mayApprove(Person person, Risk risk, Target target) {
    return grants(person).stream()
        .anyMatch(grant ->
            grant.covers(target)
                && grant.approve().filter(max -> max.compareTo(risk) >= 0).isPresent());
  }

  /// The highest risk that the person may ask for anywhere; help shows no more than that.
  public Optional<Risk> highestAsk(Person person) {
    return grants(person).stream().flatMap(grant -> grant.ask().stream()).max(Risk::compareTo);
  }

  /// Everybody who may approve, in alphabetical order.
  public List<Person> approvers(Risk risk, Target target) {
    return new TreeSet<>(people.keySet())
        .stream().filter(person -> mayApprove(person, risk, target)).toList();
  }

  /// The roles that approve, for the sentence that says whom to ask.
  public List<String> approvingRoles(Risk risk, Target target) {
    return roles.entrySet().stream()
        .filter(role ->
            role.getValue().stream()
                .anyMatch(grant ->
                    grant.covers(target)
                        && grant.approve().filter(max -> max.compareTo(risk) >= 0).isPresent()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private List<Grant> grants(Person person) {
    return people.getOrDefault(person, Set.of()).stream()
        .flatMap(role -> roles.getOrDefault(role, List.of()).stream())
        .toList();
  }
}
