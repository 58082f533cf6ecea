package dev.pvebot.integrations.pve.action;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.commands.Risk;
import dev.pvebot.integrations.pve.action.GuestAction.Readable;
import dev.pvebot.integrations.pve.api.PveCall;
import dev.pvebot.integrations.pve.task.TaskRow;
import dev.pvebot.runbooks.action.ActionFailure;
import dev.pvebot.runbooks.action.Effect;
import dev.pvebot.runbooks.action.Intent;
import dev.pvebot.runbooks.action.Observation;
import dev.pvebot.runbooks.action.Planning;
import dev.pvebot.runbooks.action.Preview;
import dev.pvebot.runbooks.action.RunContext;
import dev.pvebot.runbooks.action.Started;
import dev.pvebot.runbooks.action.Traits;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `pve.image.download`: a node fetches a file from the web onto one of its storages. A file that
/// is there already under the name is left as it is.
final class DownloadImage extends PveAction<DownloadImage.Inputs, DownloadImage.Output> {
  private static final String ABSENT = "absent";
  private static final String TASK = "download";
  private static final Pattern SHA256 = Pattern.compile("(?i)[0-9a-f]{64}");

  private final Volumes volumes;

  /// @param content `iso`, or `import` for disk images
  /// @param name of the file; by default the URL's last part
  /// @param checksum SHA-256, hex
  public record Inputs(
      String url,
      String content,
      Optional<String> storage,
      Optional<NodeName> node,
      Optional<String> name,
      Optional<String> checksum) {
    String volid() {
      return storage.orElseThrow() + ":" + content + "/" + name.orElseThrow();
    }
  }

  /// @param volid PVE's volume id
  /// @param node where it was fetched to
  public record Output(String volid, NodeName node) {}

  DownloadImage(Reach reach) {
    super(
        reach,
        "pve.image.download",
        Inputs.class,
        Output.class,
        new Traits(
            Risk.CHANGE,
            List.of(
                new Traits.Privilege("Datastore.AllocateTemplate", "/storage/{storage}"),
                new Traits.Privilege("Datastore.Audit", "/storage/{storage}"),
                new Traits.Privilege("Sys.AccessNetwork", "/nodes/{node}")),
            Duration.ofHours(2),
            Duration.ofSeconds(20)));
    this.volumes = new Volumes(reach);
  }

  @Override
  public Preview<Inputs> preview(Inputs inputs, Planning planning) throws InterruptedException {
    URI url = url(inputs.url());
    Fleet.Storage storage =
        Volumes.choose(planning.fleet(), inputs.storage(), inputs.node(), inputs.content());
    String path = Optional.ofNullable(url.getPath()).orElse("");
    // PVE does the same to the name (source: PVE API2/Storage/Status.pm)
    String name =
        inputs
            .name()
            .orElse(path.substring(path.lastIndexOf('/') + 1))
            .replaceAll("[^A-Za-z0-9_.-]", "_");
    refuseUnfit(inputs, name);
    Inputs pinned =
        new Inputs(
            inputs.url(),
            inputs.content(),
            Optional.of(storage.name()),
            Optional.of(storage.node()),
            Optional.of(name),
            inputs.checksum());
    boolean there =
        Readable.read(() -> volumes.find(storage.node(), pinned.volid(), inputs.content()))
            .isPresent();
    String where = storage.shared() ? storage.name() : storage.name() + " of " + storage.node();
    return new Preview<>(
        pinned,
        List.of(
            new Effect(
                there ? Effect.Kind.KEEP : Effect.Kind.CREATE,
                new Effect.Subject.Storage(storage.name()),
                there
                    ? "%s is on %s already".formatted(name, where)
                    : "%s on %s, fetched from %s".formatted(name, where, inputs.url()))),
        List.of(),
        planning.fleet(),
        there ? Duration.ZERO : Duration.ofMinutes(1));
  }

  private static URI url(String text) {
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException _) {
      throw ActionFailure.refused("'%s' is no URL".formatted(text), "write it with https://");
    }
    boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!web || url.getHost() == null) {
      throw ActionFailure.refused(
          "a node fetches from http and https only", "give a URL that begins with https://");
    }
    if (url.getUserInfo() != null) {
      throw ActionFailure.refused(
          "the URL carries a password, which Proxmox VE would write into the task's log",
          "put the file where it can be fetched without one");
    }
    return url;
  }

  private static void refuseUnfit(Inputs inputs, String name) {
    String endings =
        switch (inputs.content()) {
          case "iso" -> "iso|img";
          case "import" -> "qcow2|raw|vmdk|ova";
          default ->
              throw ActionFailure.refused(
                  "'%s' is nothing that can be fetched".formatted(inputs.content()),
                  "fetch iso or import");
        };
    if (!name.matches("(?i).+\\.(%s)".formatted(endings))) {
      throw ActionFailure.refused(
          "'%s' is no name for a file of type %s".formatted(name, inputs.content()),
          "it has to end with one of: " + endings.replace("|", ", "));
    }
    if (inputs.checksum().filter(sum -> !SHA256.matcher(sum).matches()).isPresent()) {
      throw ActionFailure.refused("the checksum is no SHA-256", "give 64 hexadecimal digits");
    }
  }

  private NodeName node(Inputs inputs) {
    return inputs.node().orElseThrow();
  }

  @Override
  public Map<String, String> prepare(Inputs inputs, RunContext context)
      throws InterruptedException {
    return Readable.read(() -> {
      Map<String, String> facts = new HashMap<>();
      ownTasks.remember(facts, node(inputs), TASK);
      if (volumes.find(node(inputs), inputs.volid(), inputs.content()).isEmpty()) {
        facts.put(ABSENT, "1");
      }
      return facts;
    });
  }

  @Override
  public Started run(Inputs inputs, Intent intent, RunContext context) throws InterruptedException {
    PveCall call =
        PveCall.post(
                "fetching %s to %s of %s"
                    .formatted(
                        inputs.name().orElseThrow(), inputs.storage().orElseThrow(), node(inputs)),
                "nodes",
                node(inputs),
                "storage",
                inputs.storage().orElseThrow(),
                "download-url")
            .with("url", inputs.url())
            .with("content", inputs.content())
            .with("filename", inputs.name().orElseThrow())
            .with("checksum", inputs.checksum())
            .with("checksum-algorithm", inputs.checksum().map(_ -> "sha256"));
    context.beforeCall();
    return Readable.read(() ->
        reach
            .caller()
            .start(call)
            .<Started>map(Started.Task::new)
            .orElseGet(Started.Immediately::new));
  }

  @Override
  public Observation<Output> observe(Inputs inputs, Intent intent) throws InterruptedException {
    return Readable.read(() -> {
      List<TaskRow> own =
          ownTasks.since(intent, TASK, id -> id.equals(inputs.name().orElseThrow()));
      Optional<TaskRow> running = own.stream().filter(TaskRow::isRunning).findFirst();
      if (running.isPresent()) {
        return new Observation.Running<>(running.get().upid());
      }
      if (volumes.find(node(inputs), inputs.volid(), inputs.content()).isPresent()) {
        return new Observation.Done<>(new Output(inputs.volid(), node(inputs)));
      }
      return new Observation.NotDone<>(
          own.isEmpty()
              ? "it is not there yet"
              : "its task ended with '%s'".formatted(own.getFirst().exitStatus().orElse("")));
    });
  }
}
