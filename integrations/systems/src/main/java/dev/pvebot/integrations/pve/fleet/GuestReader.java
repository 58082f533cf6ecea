package dev.pvebot.integrations.pve.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.integrations.pve.api.Json;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.PveFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/// Reads single guests. A guest that moves between finding it and asking its node is looked up
/// again.
public final class GuestReader {
  private static final int TRIES = 3;

  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "Configuration file '[^']*' does not exist|unable to find configuration file for"
              + " (?:VM|CT) \\d+");

  /// Masked by PVE already; kept out all the same.
  private static final Set<String> SECRET_KEYS = Set.of("cipassword");

  private final PveCaller caller;

  public GuestReader(PveCaller caller) {
    this.caller = caller;
  }

  /// A snapshot of a guest.
  ///
  /// @param takenAt epoch seconds
  /// @param busy what PVE is doing with it, `prepare` or `delete`, if it is at it
  public record Snapshot(String name, String description, long takenAt, Optional<String> busy) {}

  /// The guest as the cluster's list shows it; figures may be 10 s old, the node is not. Empty says
  /// only that it is not listed, see [VmidAbsence].
  public Optional<Fleet.Guest> listed(Vmid vmid) throws InterruptedException {
    return new Resources(
            caller.call(
                PveCall.get("looking up VM " + vmid, "cluster", "resources").with("type", "vm")))
        .guest(vmid);
  }

  /// The VM by its node's own word; empty when it is not listed.
  ///
  /// @throws PveFailure when its node cannot be asked, or does not have what the list shows (a
  ///   ghost)
  public Optional<GuestState> state(Vmid vmid) throws InterruptedException {
    return whereItIs(vmid, this::stateOn);
  }

  private GuestState stateOn(Fleet.Guest guest) throws InterruptedException {
    List<JsonNode> answers =
        Together.read(
            List.<Callable<JsonNode>>of(
                () -> caller.call(of(guest, "reading the state of", "status", "current")),
                () -> caller.call(of(guest, "reading the configuration of", "config"))));
    JsonNode status = answers.get(0);
    Map<String, String> config = config(answers.get(1));
    return new GuestState(
        guest.vmid(),
        guest.node(),
        status.path("status").asText().equals("running"),
        Optional.of(Json.number(status, "pid")).filter(pid -> pid > 0),
        Json.number(status, "uptime"),
        Json.flag(status.path("ha"), "managed"),
        config,
        config.getOrDefault("digest", ""));
  }

  /// The guest with everything that its configuration says; empty when it is not listed.
  public Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException {
    return whereItIs(vmid, this::detailOn);
  }

  private GuestDetail detailOn(Fleet.Guest guest) throws InterruptedException {
    List<JsonNode> answers =
        Together.read(
            List.<Callable<JsonNode>>of(
                () -> caller.call(of(guest, "reading the configuration of", "config")),
                () -> caller.call(of(guest, "listing the snapshots of", "snapshot"))));
    Map<String, String> config = config(answers.get(0));
    String digest = config.getOrDefault("digest", "");
    config.remove("digest");
    return new GuestDetail(
        guest,
        ConfigWords.identity(
            guest.vmid(),
            config.getOrDefault("name", config.getOrDefault("hostname", guest.name())),
            config),
        config,
        digest,
        ConfigWords.disks(config),
        snapshots(answers.get(1)).stream().map(Snapshot::name).toList(),
        "1".equals(config.get("protection")));
  }

  /// The configuration's keys and values, of the node where the fleet saw the guest.
  ///
  /// @throws PveFailure also when the guest has moved since
  public Map<String, String> configuration(Fleet.Guest guest) throws InterruptedException {
    return config(caller.call(of(guest, "reading the configuration of", "config")));
  }

  /// The snapshots of a guest, of the node where the fleet saw it, oldest first.
  public List<Snapshot> snapshots(Fleet.Guest guest) throws InterruptedException {
    return snapshots(caller.call(of(guest, "listing the snapshots of", "snapshot")));
  }

  /// The configurations that the guest's snapshots keep.
  public List<Map<String, String>> snapshotConfigurations(Fleet.Guest guest)
      throws InterruptedException {
    List<Map<String, String>> kept = new ArrayList<>();
    for (Snapshot snapshot : snapshots(guest)) {
      kept.add(
          config(
              caller.call(
                  of(
                      guest,
                      "reading snapshot %s of".formatted(snapshot.name()),
                      "snapshot",
                      snapshot.name(),
                      "config"))));
    }
    return kept;
  }

  /// The snapshots of a VM, oldest first.
  public List<Snapshot> snapshots(Vmid vmid) throws InterruptedException {
    return whereItIs(
            vmid,
            guest -> snapshots(caller.call(of(guest, "listing the snapshots of", "snapshot"))))
        .orElse(List.of());
  }

  private static List<Snapshot> snapshots(JsonNode data) {
    return Json.list(data).stream()
        .filter(entry -> !entry.path("name").asText().equals("current"))
        .map(entry ->
            new Snapshot(
                entry.path("name").asText(),
                entry.path("description").asText(""),
                Json.number(entry, "snaptime"),
                Json.text(entry, "snapstate")))
        .sorted(Comparator.comparingLong(Snapshot::takenAt).thenComparing(Snapshot::name))
        .toList();
  }

  private static PveCall of(Fleet.Guest guest, String act, String... segments) {
    String kind = guest.kind() == Fleet.Kind.VM ? "qemu" : "lxc";
    List<Object> path = new ArrayList<>(List.of("nodes", guest.node(), kind, guest.vmid()));
    path.addAll(List.of(segments));
    return PveCall.get("%s VM %s on %s".formatted(act, guest.vmid(), guest.node()), path.toArray());
  }

  private static Map<String, String> config(JsonNode data) {
    Map<String, String> config = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : data.properties()) {
      if (entry.getValue().isValueNode() && !SECRET_KEYS.contains(entry.getKey())) {
        config.put(entry.getKey(), entry.getValue().asText());
      }
    }
    return config;
  }

  private interface Reading<T> {
    T read(Fleet.Guest guest) throws InterruptedException;
  }

  private <T> Optional<T> whereItIs(Vmid vmid, Reading<T> reading) throws InterruptedException {
    Optional<NodeName> askedBefore = Optional.empty();
    for (int turn = 1; ; turn++) {
      Optional<Fleet.Guest> guest = listed(vmid);
      if (guest.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(reading.read(guest.get()));
      } catch (PveFailure failure) {
        boolean moved = ELSEWHERE.matcher(failure.reason()).find();
        if (!moved || turn == TRIES || askedBefore.equals(Optional.of(guest.get().node()))) {
          throw failure;
        }
        askedBefore = Optional.of(guest.get().node());
      }
    }
  }
}
