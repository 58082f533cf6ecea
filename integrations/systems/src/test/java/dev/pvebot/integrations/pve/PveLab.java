package dev.pvebot.integrations.pve;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.fleet.GuestDetail;
import dev.pvebot.clusters.secret.Secret;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.pve.api.ApiToken;
import dev.pvebot.integrations.pve.api.PveCaller;
import dev.pvebot.integrations.pve.api.Timeouts;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Planning;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A lab with clients of ours. A client can be given up and another made, as after a death.
public final class PveLab implements AutoCloseable {
  public static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofMillis(2500));
  public static final Duration POLL = Duration.ofMillis(40);

  private final Lab lab;
  private final List<Pve> clients = new ArrayList<>();

  private PveLab(Lab lab) {
    this.lab = lab;
  }

  public static PveLab fast() {
    return of(LabConfig.isolated().withSpeed(150));
  }

  public static PveLab of(LabConfig config) {
    return new PveLab(Lab.start(config));
  }

  public Lab lab() {
    return lab;
  }

  public List<Site.ApiNode> nodes() {
    return lab.config().nodes().stream()
        .map(node ->
            new Site.ApiNode(
                new NodeName(node.name()),
                lab.endpoint(node.name()).getHost(),
                lab.endpoint(node.name()).getPort()))
        .toList();
  }

  public Site.Tls.Pinned pinned() {
    Map<NodeName, String> fingerprints = new TreeMap<>();
    lab.fingerprints().forEach((node, print) -> fingerprints.put(new NodeName(node), print));
    return new Site.Tls.Pinned(fingerprints);
  }

  public ApiToken token(String name) {
    return ApiToken.parse(new Secret(lab.token(name)));
  }

  /// A client as the bot has one.
  public Pve client() {
    return client("operator");
  }

  public Pve client(String token) {
    return client(token, SHORT);
  }

  public Pve client(String token, Timeouts timeouts) {
    PveCaller caller =
        new PveCaller(nodes(), pinned(), token(token), timeouts, InstantSource.system());
    Pve pve = new Pve(caller, new Pve.Pace(timeouts, POLL), InstantSource.system());
    clients.add(pve);
    return pve;
  }

  @SuppressWarnings("unchecked")
  public static <I extends Record, O extends Record> Action<I, O> action(Pve pve, String name) {
    return (Action<I, O>)
        pve.actions().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  public static Planning planning(Pve pve) throws InterruptedException {
    Fleet fleet = pve.fleet().fresh();
    return new Planning() {
      @Override
      public Fleet fleet() {
        return fleet;
      }

      @Override
      public Optional<GuestDetail> detail(Vmid vmid) throws InterruptedException {
        return pve.guests().detail(vmid);
      }
    };
  }

  @Override
  public void close() {
    clients.forEach(Pve::close);
    lab.close();
  }
}
