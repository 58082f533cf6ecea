package dev.pvebot.integrations.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PortWaitTest {
  private static final Intent INTENT =
      new Intent(1, "step", Instant.EPOCH, Map.of(), Optional.empty());

  private final AtomicReference<Optional<String>> address = new AtomicReference<>(Optional.empty());
  private final PortWait wait = new PortWait(_ -> address.get(), Duration.ofSeconds(2), List.of());

  @Test
  void port_isDone_whenItTakesAConnection_andNotBefore() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      PortWait.Inputs byVm =
          new PortWait.Inputs(Optional.empty(), Optional.of(new Vmid(1051)), server.getLocalPort());
      assertThat(wait.observe(byVm, INTENT))
          .isEqualTo(new Observation.NotDone<>("VM 1051 has told no address yet"));
      address.set(Optional.of("127.0.0.1"));
      assertThat(wait.observe(byVm, INTENT))
          .isEqualTo(new Observation.Done<>(new PortWait.Output("127.0.0.1")));
      server.close();
      assertThat(wait.observe(byVm, INTENT)).isInstanceOf(Observation.NotDone.class);
    }
  }

  @Test
  void address_thatIsGiven_needsNoVm() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      PortWait.Inputs inputs =
          new PortWait.Inputs(Optional.of("127.0.0.1"), Optional.empty(), server.getLocalPort());
      assertThat(wait.observe(inputs, INTENT)).isInstanceOf(Observation.Done.class);
    }
  }
}
