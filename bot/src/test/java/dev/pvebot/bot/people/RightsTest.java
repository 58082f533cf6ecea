package dev.pvebot.bot.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Environment;
import dev.pvebot.commands.Risk;
import dev.pvebot.commands.chat.Person;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RightsTest {
  private static final Person BOB = new Person("bob");
  private static final Person CAROL = new Person("carol");
  private static final Person EVE = new Person("eve");
  private static final Rights.Target PRODUCTION =
      new Rights.Target(Optional.of("orion"), Environment.PRODUCTION);
  private static final Rights.Target STAGING =
      new Rights.Target(Optional.of("blue"), Environment.STAGING);
  private static final Rights.Target STRAY =
      new Rights.Target(Optional.empty(), Environment.PRODUCTION);

  private final Rights rights =
      new Rights(
          Map.of(
              "operator",
              List.of(
                  grant(Set.of(), Set.of(), Risk.DESTRUCTIVE, null),
                  grant(Set.of(), Set.of(Environment.STAGING), Risk.DESTRUCTIVE, Risk.DISRUPTIVE)),
              "orion-approver",
              List.of(grant(Set.of("orion"), Set.of(), Risk.READ, Risk.DESTRUCTIVE)),
              "viewer",
              List.of(grant(Set.of(), Set.of(), Risk.READ, null))),
          Map.of(BOB, Set.of("operator"), CAROL, Set.of("orion-approver"), EVE, Set.of("viewer")));

  private static Rights.Grant grant(
      Set<String> clusters,
      Set<Environment> environments,
      @org.jspecify.annotations.Nullable Risk ask,
      @org.jspecify.annotations.Nullable Risk approve) {
    return new Rights.Grant(
        clusters, environments, Optional.ofNullable(ask), Optional.ofNullable(approve));
  }

  @Test
  void whatNobodyGranted_isRefused() {
    assertThat(rights.mayAsk(EVE, Risk.ROUTINE, STAGING)).isFalse();
    assertThat(rights.mayAsk(new Person("mallory"), Risk.READ, STAGING)).isFalse();
    assertThat(rights.knows(new Person("mallory"))).isFalse();
  }

  @Test
  void aGrantForOneCluster_saysNothingOfAnother() {
    assertThat(rights.mayApprove(CAROL, Risk.DESTRUCTIVE, PRODUCTION)).isTrue();
    assertThat(rights.mayApprove(CAROL, Risk.DESTRUCTIVE, STAGING)).isFalse();
    assertThat(rights.mayApprove(CAROL, Risk.DESTRUCTIVE, STRAY)).isFalse();
  }

  @Test
  void askingAndApproving_areTwoRights() {
    assertThat(rights.mayAsk(BOB, Risk.DESTRUCTIVE, PRODUCTION)).isTrue();
    assertThat(rights.mayApprove(BOB, Risk.DESTRUCTIVE, PRODUCTION)).isFalse();
    assertThat(rights.mayApprove(BOB, Risk.DISRUPTIVE, STAGING)).isTrue();
  }

  @Test
  void approvers_areNamedForTheTarget() {
    assertThat(rights.approvers(Risk.DESTRUCTIVE, PRODUCTION)).containsExactly(CAROL);
    assertThat(rights.approvingRoles(Risk.DESTRUCTIVE, PRODUCTION))
        .containsExactly("orion-approver");
  }
}
