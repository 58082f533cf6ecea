package dev.pvebot.clusters.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteFolder;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
  @TempDir private Path temporary;
  private SiteFolder folder;

  @BeforeEach
  void folder() {
    folder =
        new SiteFolder(temporary)
            .site(SiteFolder.SITE)
            .profile(SiteFolder.generic("shop", "300"))
            .profile(SiteFolder.generic("wiki", "auto"));
  }

  private Membership membership(String name, FleetBuilder fleet, Vmid... createdByUs) {
    Site site = folder.load();
    return Membership.of(
        site.profile(new ClusterName(name)).orElseThrow(),
        site,
        fleet.build(),
        Set.of(createdByUs));
  }

  private static FleetBuilder fleet() {
    return new FleetBuilder().node("alpha", 64, 0);
  }

  @Test
  void members_haveAllTagsAndAVmidOfTheProfile() {
    Membership shop =
        membership(
            "shop",
            fleet()
                .vm(300, "shop-01", "alpha", "plain", "shop", "extra")
                .vm(301, "shop-02", "alpha", "plain", "shop"));

    assertThat(shop.members()).extracting(guest -> guest.vmid().value()).containsExactly(300, 301);
    assertThat(shop.untouched()).isEmpty();
    assertThat(shop.complete()).isTrue();
  }

  @Test
  void foreignVmWithAllTags_isUntouchedAndSaid() {
    Membership shop = membership("shop", fleet().vm(350, "grafana", "alpha", "plain", "shop"));

    assertThat(shop.members()).isEmpty();
    assertThat(shop.untouched())
        .singleElement()
        .extracting(Membership.Untouched::why)
        .isEqualTo("has all tags, but is not in the profile and was not made by pvebot");
  }

  @Test
  void vmThatWeMade_isAMemberWhateverItsVmid() {
    FleetBuilder fleet = fleet().vm(350, "wiki-01", "alpha", "plain", "wiki");

    assertThat(membership("wiki", fleet, new Vmid(350)).members()).hasSize(1);
    assertThat(membership("wiki", fleet).members()).isEmpty();
  }

  @Test
  void vmidOfTheProfileWithoutItsTags_isUntouched() {
    Membership shop = membership("shop", fleet().vm(300, "other", "alpha", "plain"));

    assertThat(shop.members()).isEmpty();
    assertThat(shop.untouched().getFirst().why())
        .isEqualTo("has a VMID of the profile but lacks the tag shop");
  }

  @Test
  void vmWithTheTellingTagOnly_isShownAsUntouched() {
    Membership shop =
        membership(
            "shop", fleet().vm(360, "grafana", "alpha", "shop").vm(361, "db", "alpha", "plain"));

    assertThat(shop.untouched())
        .singleElement()
        .satisfies(u -> assertThat(u.guest().name()).isEqualTo("grafana"));
    assertThat(shop.untouched().getFirst().why()).isEqualTo("lacks the tag plain");
  }

  @Test
  void templatesAndContainers_areNeverMembers() {
    Membership shop =
        membership(
            "shop",
            fleet()
                .guest(300, "golden", "alpha", true, Fleet.Kind.VM, "plain", "shop")
                .guest(301, "box", "alpha", false, Fleet.Kind.CONTAINER, "plain", "shop"),
            new Vmid(300),
            new Vmid(301));

    assertThat(shop.members()).isEmpty();
    assertThat(shop.untouched())
        .extracting(Membership.Untouched::why)
        .containsExactly("a template", "a container");
  }

  @Test
  void vmsWithoutTags_areNobodys() {
    Membership shop = membership("shop", fleet().vm(370, "a", "alpha").vm(371, "b", "alpha"));

    assertThat(shop.members()).isEmpty();
    assertThat(shop.untouched()).isEmpty();
  }

  @Test
  void fleetSeenInPart_isSaid() {
    assertThat(membership("shop", fleet().filtered()).complete()).isFalse();
  }
}
