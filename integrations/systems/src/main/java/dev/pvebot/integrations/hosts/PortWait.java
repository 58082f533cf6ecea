package dev.pvebot.integrations.hosts;

import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `net.port.wait`: waits until a TCP port takes a connection. Says nothing on it and changes
/// nothing.
public final class PortWait implements Action<PortWait.Inputs, PortWait.Output> {
  private final AddressOf addresses;
  private final Duration patience;
  private final Traits traits;

  /// @param patience for one attempt to connect
  /// @param privileges that looking up a VM's address needs
  public PortWait(AddressOf addresses, Duration patience, List<Traits.Privilege> privileges) {
    this.addresses = addresses;
    this.patience = patience;
    this.traits = new Traits(Risk.READ, privileges, Duration.ofMinutes(10), Duration.ofMinutes(10));
  }

  /// @param address host name or IP address; this or `vm`
  /// @param vm whose address is looked up, each time anew: it may come late and change
  public record Inputs(Optional<String> address, Optional<Vmid> vm, int port) {}

  /// @param address that answered
  public record Output(String address) {}

  @Override
  public String name() {
    return "net.port.wait";
  }

  @Override
  public Class<Inputs> inputs() {
    return Inputs.class;
  }

  @Override
  public Class<Output> outputs() {
    return Output.class;
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) {
    if (inputs.port() < 1 || inputs.port() > 65_535) {
      throw ActionFailure.refused("%d is no TCP port".formatted(inputs.port()), "give 1 to 65535");
    }
    return new Preview<>(inputs, List.of(), List.of(), planning.fleet(), Duration.ofSeconds(20));
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context) {
    return Map.of();
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) {
    return new Started.Immediately();
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) throws InterruptedException {
    Optional<String> address = address(inputs);
    if (address.isEmpty()) {
      return new Observation.NotDone<>(
          "VM %s has told no address yet".formatted(inputs.vm().map(Vmid::toString).orElse("?")));
    }
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.get(), inputs.port()), (int) patience.toMillis());
      return new Observation.Done<>(new Output(address.get()));
    } catch (IOException closed) {
      if (Thread.interrupted()) {
        throw new InterruptedException(
            "waiting for port %d of %s".formatted(inputs.port(), address.get()));
      }
      return new Observation.NotDone<>(
          "port %d of %s does not answer (%s)"
              .formatted(inputs.port(), address.get(), closed.getMessage()));
    }
  }

  private Optional<String> address(Inputs inputs) throws InterruptedException {
    if (inputs.address().isPresent()) {
      return inputs.address();
    }
    Vmid vm =
        inputs
            .vm()
            .orElseThrow(() ->
                ActionFailure.refused(
                    "net.port.wait knows neither an address nor a VM",
                    "give one of them in the runbook"));
    return addresses.vm(vm);
  }
}
