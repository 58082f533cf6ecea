package dev.pvebot.integrations.pve.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Matcher;
import dev.pvebot.integrations.pve.Pve;
import dev.pvebot.integrations.pve.PveLab;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.fleet.Gathering.Part;
import dev.pvebot.integrations.pve.fleet.StorageReader.Fill;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void partsThatCome_areKept_inTheOrderOfTheirKeys() throws InterruptedException {
    Map<String, Callable<Integer>> readings = new LinkedHashMap<>();
    readings.put("b", () -> 2);
    readings.put("a", () -> 1);

    assertThat(Gathering.<String, Integer>read(readings, LONG))
        .containsExactly(Map.entry("b", new Part.Here<>(2)), Map.entry("a", new Part.Here<>(1)));
  }

  @Test
  void partThatDoesNotCome_isMissing_andItsReadingIsStopped() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Map<String, Callable<Integer>> readings = new LinkedHashMap<>();
    readings.put(
        "never",
        () -> {
          try {
            new CountDownLatch(1).await();
            return 1;
          } catch (InterruptedException stop) {
            stopped.countDown();
            throw stop;
          }
        });
    readings.put("here", () -> 2);

    Map<String, Part<Integer>> parts =
        Gathering.<String, Integer>read(readings, Duration.ofMillis(300));

    assertThat(parts.get("never").missing()).contains("no answer in time");
    assertThat(parts.get("here").found()).contains(2);
    assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void defect_isNoMissingPart() {
    Map<String, Callable<Integer>> readings =
        Map.of(
            "x",
            () -> {
              throw new IllegalStateException("a defect");
            });

    assertThatThrownBy(() -> Gathering.<String, Integer>read(readings, LONG))
        .hasMessage("a defect");
  }

  @Test
  void nodeThatIsDown_isNamed_andTheOthersAnswer() throws InterruptedException {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab().nodeDown("pve02");
      Map<String, Callable<NodeReader.NodeDetail>> readings = new LinkedHashMap<>();
      for (String node : List.of("pve01", "pve02")) {
        readings.put(node, () -> pve.nodes().detail(new NodeName(node)));
      }

      Map<String, Part<NodeReader.NodeDetail>> parts =
          Gathering.<String, NodeReader.NodeDetail>read(readings, LONG);

      assertThat(parts.get("pve01").found())
          .hasValueSatisfying(detail -> assertThat(detail.version()).contains("9.1.4"));
      assertThat(parts.get("pve02").missing()).contains("node pve02 cannot be reached");
    }
  }

  @Test
  void silentNode_doesNotHoldUpTheAnswer() throws InterruptedException {
    try (PveLab lab = PveLab.fast()) {
      Pve pve = lab.client();
      lab.lab()
          .faults()
          .arm(Matcher.always("GET", "/nodes/pve03/status"), new Fault.Silence(false));

      Map<String, Part<NodeReader.NodeDetail>> parts =
          Gathering.<String, NodeReader.NodeDetail>read(
              Map.of("pve03", () -> pve.nodes().detail(new NodeName("pve03"))),
              Duration.ofMillis(400));

      assertThat(parts.get("pve03").missing()).contains("no answer in time");
    }
  }

  @Test
  void storageThatFills_showsItInItsHistory() throws InterruptedException {
    try (PveLab lab = PveLab.of(LabConfig.isolated().withSteppedClock())) {
      Pve pve = lab.client();
      for (int day = 0; day < 5; day++) {
        pve.caller()
            .call(
                PveCall.post("allocating", "nodes", "pve02", "storage", "local-lvm", "content")
                    .with("vmid", 1040)
                    .with("filename", "vm-1040-disk-%d".formatted(7 + day))
                    .with("size", "40G"));
        lab.lab().clock().advance(Duration.ofDays(1));
      }
      Fleet.Storage storage =
          pve.fleet().fresh().storage("local-lvm", new NodeName("pve02")).orElseThrow();

      List<Fill> fills = pve.storages().lastMonth(storage);

      assertThat(fills)
          .hasSizeBetween(20, 30)
          .isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
      assertThat(fills).isSortedAccordingTo((a, b) -> Long.compare(a.usedBytes(), b.usedBytes()));
      assertThat(fills.getLast().usedBytes() - fills.getFirst().usedBytes())
          .isBetween(40L << 30, 50L << 30);
      assertThat(lab.lab().defects()).isEmpty();
    }
  }
}
