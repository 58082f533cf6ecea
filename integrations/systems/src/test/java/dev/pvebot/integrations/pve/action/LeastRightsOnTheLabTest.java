package dev.pvebot.integrations.pve.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.config.PveVersion;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.Pveum;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.check.ApiReport;
import dev.pvebot.integrations.pve.check.LeastRights;
import dev.pvebot.runbooks.action.Actions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The `pveum` lines that the program prints make a token that can do its work, and no more.
@Execution(ExecutionMode.CONCURRENT)
class LeastRightsOnTheLabTest {
  private static final Vmid VM = new Vmid(1051);

  private static LeastRights rights(Pve pve, PveVersion version) {
    return LeastRights.of(new Actions(pve.actions()), version == PveVersion.V8_4 ? 8 : 9);
  }

  private static Pve client(PveLab lab, ApiToken token) {
    return new Pve(
        new PveCaller(lab.nodes(), lab.pinned(), token, PveLab.SHORT, InstantSource.system()),
        new Pve.Pace(PveLab.SHORT, PveLab.POLL),
        InstantSource.system());
  }

  private static ApiReport check(Pve pve) throws InterruptedException {
    return pve.check(new Actions(pve.actions())).run();
  }

  @ParameterizedTest
  @EnumSource(PveVersion.class)
  void leastRights_areEnoughForEveryAction_andNothingIsLeftOver(PveVersion version)
      throws Exception {
    try (PveLab lab = PveLab.of(LabConfig.isolated().withVersion(version).withSpeed(150))) {
      Pveum pveum = new Pveum(lab.lab());
      pveum.run(rights(lab.client(), version).pveum("robot@pve", "least"));
      try (Pve pve = client(lab, pveum.token())) {
        ApiReport report = check(pve);
        assertThat(report.isGood()).as(report.toString()).isTrue();
        ApiReport.Token token = report.token().orElseThrow();
        assertThat(token.missing()).isEmpty();
        assertThat(token.partial()).isEmpty();
        assertThat(token.dangerous()).isEmpty();
        workThroughAVmsLife(pve);
      }
    }
  }

  private static void workThroughAVmsLife(Pve pve) throws InterruptedException {
    List<Record> life =
        List.of(
            new CloneVm.Inputs(
                new Vmid(101), VM, "ts01", Optional.empty(), Optional.empty(), Optional.empty()),
            ActionContractTest.cores(VM, 3),
            new ResizeDisk.Inputs(VM, Optional.empty(), "+5G"),
            new MigrateVm.Inputs(VM, new NodeName("pve02"), Optional.empty()),
            new VmTags.Inputs(VM, Optional.of(List.of("web")), Optional.empty(), Optional.empty()),
            new StartVm.Inputs(VM),
            new CreateSnapshot.Inputs(VM, "before", Optional.empty(), Optional.empty()),
            new CreateBackup.Inputs(
                VM, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            new StopVm.Inputs(VM),
            new RollbackSnapshot.Inputs(VM, "before", Optional.of(false)),
            new DeleteSnapshot.Inputs(VM, "before"),
            new DeleteVm.Inputs(VM, Optional.empty()));
    for (Record inputs : life) {
      String action =
          pve.actions().stream()
              .filter(each -> each.inputs().equals(inputs.getClass()))
              .findFirst()
              .orElseThrow()
              .name();
      new Drive<>(pve, action, inputs).finish();
    }
  }

  @Test
  void mending_givesATokenWhatItLacks_whateverItsRolesWereBefore() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      Pveum pveum = new Pveum(lab.lab());
      try (Pve pve = client(lab, lab.token("readonly"))) {
        LeastRights rights = rights(pve, PveVersion.V9_1);
        ApiReport before = check(pve);
        assertThat(before.isGood()).isFalse();
        for (String path : rights.byPath().keySet()) {
          pveum.run(rights.mending(path, "pvebot@pve!readonly"));
        }
        assertThat(check(pve).isGood()).isTrue();
      }
    }
  }

  @Test
  void rolesAreNotNamedAfterPve_whichKeepsThatForItself() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      assertThat(rights(lab.client(), PveVersion.V9_1).pveum("pvebot@pve", "bot"))
          .filteredOn(line -> line.startsWith("pveum role add"))
          .isNotEmpty()
          .noneMatch(
              line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("pveum role add pve"));
    }
  }
}
