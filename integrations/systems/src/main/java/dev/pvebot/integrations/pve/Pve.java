package dev.pvebot.integrations.pve;

import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.pve.action.Keepsakes;
import dev.pvebot.integrations.pve.action.PveActions;
import dev.pvebot.integrations.pve.action.Reach;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.Timeouts;
import dev.pvebot.integrations.pve.check.ApiCheck;
import dev.pvebot.integrations.pve.fleet.FleetCache;
import dev.pvebot.integrations.pve.fleet.FleetReader;
import dev.pvebot.integrations.pve.fleet.GuestAddress;
import dev.pvebot.integrations.pve.fleet.GuestReader;
import dev.pvebot.integrations.pve.fleet.NodeReader;
import dev.pvebot.integrations.pve.fleet.StorageReader;
import dev.pvebot.integrations.pve.task.NodeTasks;
import dev.pvebot.integrations.pve.task.TaskPoller;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Actions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// One site's Proxmox VE, put together: the parts list. Close it to end its connections and
/// waiting.
public final class Pve implements AutoCloseable {
  private final PveCaller caller;
  private final Reach reach;
  private final FleetCache fleet;
  private final TaskPoller tasks;
  private final GuestAddress addresses;
  private final InstantSource clock;

  /// How patiently PVE is spoken to.
  ///
  /// @param poll between two looks at a node's running tasks
  public record Pace(Timeouts timeouts, Duration poll) {
    public static Pace defaults() {
      return new Pace(Timeouts.defaults(), Duration.ofSeconds(1));
    }
  }

  /// @param tokenEntry what the site's token reference resolves to
  /// @throws IllegalArgumentException when the token or the site's `tls` cannot be used; does not
  ///   repeat the token
  public Pve(Site site, Secret tokenEntry, Pace pace, InstantSource clock) {
    this(
        new PveCaller(site.nodes(), site.tls(), ApiToken.parse(tokenEntry), pace.timeouts(), clock),
        pace,
        clock);
  }

  public Pve(PveCaller caller, Pace pace, InstantSource clock) {
    this.caller = caller;
    this.clock = clock;
    this.reach = Reach.of(caller, clock);
    this.fleet = new FleetCache(new FleetReader(caller, clock)::read, clock);
    this.tasks = new TaskPoller(reach.tasks(), pace.poll());
    this.addresses = new GuestAddress(caller, reach.guests());
  }

  public PveCaller caller() {
    return caller;
  }

  public FleetCache fleet() {
    return fleet;
  }

  public GuestReader guests() {
    return reach.guests();
  }

  public NodeReader nodes() {
    return new NodeReader(caller);
  }

  public StorageReader storages() {
    return new StorageReader(caller);
  }

  /// Lists, states and logs of tasks.
  public NodeTasks taskLists() {
    return reach.tasks();
  }

  public TaskPoller tasks() {
    return tasks;
  }

  /// Where a VM can be reached; what `net.port.wait` needs to know.
  public GuestAddress addresses() {
    return addresses;
  }

  /// Snapshots and backups.
  public Keepsakes keepsakes() {
    return new Keepsakes(reach);
  }

  /// Everything that runbooks can call here.
  public List<Action<?, ?>> actions() {
    return PveActions.all(reach);
  }

  /// @param actions whose declared privileges the token is held against
  public ApiCheck check(Actions actions) {
    return new ApiCheck(caller, actions, clock);
  }

  @Override
  public void close() {
    tasks.close();
    caller.close();
  }
}
