package dev.pvebot.integrations.pve.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.runbooks.action.Actions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ApiCheckTest {
  private static ApiReport check(Pve pve) throws InterruptedException {
    return pve.check(new Actions(pve.actions())).run();
  }

  @Test
  void healthySite_isGood_andAnAllMightyTokenIsCalledSo() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      ApiReport report = check(lab.client());
      assertThat(report.isGood()).isTrue();
      assertThat(report.quorate()).contains(true);
      assertThat(report.nodes())
          .hasSize(3)
          .allMatch(node -> node.access() instanceof ApiReport.Access.Good);
      ApiReport.Token token = report.token().orElseThrow();
      assertThat(token.id()).isEqualTo("pvebot@pve!operator");
      assertThat(token.missing()).isEmpty();
      assertThat(token.dangerous()).contains("Permissions.Modify", "Sys.Modify");
    }
  }

  @Test
  void missingPrivileges_areNamed_withTheActionsThatNeedThem() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      ApiReport report = check(lab.client("readonly"));
      assertThat(report.isGood()).isFalse();
      assertThat(report.token().orElseThrow().missing())
          .anySatisfy(missing -> {
            assertThat(missing.privilege().name()).isEqualTo("VM.PowerMgmt");
            assertThat(missing.actions()).contains("pve.vm.start", "pve.vm.stop");
          })
          .noneMatch(missing -> missing.privilege().name().equals("VM.Audit"));
      assertThat(report.token().orElseThrow().seesEveryGuest()).isTrue();
    }
  }

  @Test
  void nodeThatIsDown_andNodeWithAnotherCertificate_areToldApart() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      lab.lab().nodeDown("pve03");
      Map<NodeName, String> wrong = new TreeMap<>(lab.pinned().fingerprints());
      wrong.put(new NodeName("pve02"), "AA:".repeat(31) + "AA");
      try (PveCaller caller =
          new PveCaller(
              lab.nodes(),
              new Site.Tls.Pinned(wrong),
              lab.token("operator"),
              PveLab.SHORT,
              InstantSource.system())) {
        ApiReport report =
            check(
                new Pve(
                    caller,
                    new Pve.Pace(PveLab.SHORT, Duration.ofMillis(50)),
                    InstantSource.system()));
        assertThat(report.nodes().get(0).access()).isInstanceOf(ApiReport.Access.Good.class);
        assertThat(report.nodes().get(1).access()).isInstanceOf(ApiReport.Access.Mistrusted.class);
        assertThat(report.nodes().get(1).certificate().orElseThrow().sha256())
            .isEqualTo(lab.lab().fingerprints().get("pve02"));
        assertThat(report.nodes().get(2).certificate()).isEmpty();
        assertThat(report.nodes().get(2).access()).isInstanceOf(ApiReport.Access.Bad.class);
        assertThat(report.isGood()).isFalse();
      }
    }
  }

  @Test
  void expiredToken_isReportedAtEachNode() throws Exception {
    try (PveLab lab = PveLab.fast()) {
      ApiReport report = check(lab.client("expired"));
      assertThat(report.token()).isEmpty();
      assertThat(report.nodes())
          .allSatisfy(node ->
              assertThat(node.access())
                  .isInstanceOfSatisfying(
                      ApiReport.Access.Bad.class,
                      bad -> assertThat(bad.why().orElseThrow()).contains("expired")));
    }
  }
}
