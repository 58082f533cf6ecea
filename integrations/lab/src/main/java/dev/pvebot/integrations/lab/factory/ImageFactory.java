package dev.pvebot.integrations.lab.factory;

import dev.pvebot.integrations.lab.faults.CrashPoint;
import dev.pvebot.integrations.lab.faults.Fault;
import dev.pvebot.integrations.lab.faults.Faults;
import dev.pvebot.integrations.lab.ledger.Ledger;
import dev.pvebot.integrations.lab.time.LabClock;
import dev.pvebot.integrations.lab.wire.HttpListener;
import dev.pvebot.integrations.lab.wire.Json;
import dev.pvebot.integrations.lab.wire.Reply;
import dev.pvebot.integrations.lab.wire.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The image factory's HTTP API (image-factory, docs/api.md). It knows some releases and
/// extensions, and every schematic that was posted to it or that everybody knows.
public final class ImageFactory {
  /// The name under which the ledger and the faults know it.
  public static final String NODE = "factory";

  private static final List<String> VERSIONS =
      List.of(
          "v1.8.4",
          "v1.9.5",
          "v1.9.6",
          "v1.10.8",
          "v1.10.9",
          "v1.11.5",
          "v1.11.6",
          "v1.12.0",
          "v1.12.1",
          "v1.12.4",
          "v1.12.5",
          "v1.13.0",
          "v1.13.9",
          "v1.14.0-rc.1");

  private static final Map<String, String> EXTENSIONS =
      Map.ofEntries(
          Map.entry("amd-ucode", "20251125"),
          Map.entry("btrfs", "1.0.0"),
          Map.entry("drbd", "9.2.14"),
          Map.entry("gvisor", "20250505.0"),
          Map.entry("i915", "20251125"),
          Map.entry("intel-ucode", "20251111"),
          Map.entry("iscsi-tools", "v0.2.0"),
          Map.entry("kata-containers", "3.3.0"),
          Map.entry("mdadm", "4.3"),
          Map.entry("nvme-cli", "v2.14"),
          Map.entry("qemu-guest-agent", "10.0.2"),
          Map.entry("realtek-firmware", "20251125"),
          Map.entry("tailscale", "1.88.3"),
          Map.entry("util-linux-tools", "2.41.1"),
          Map.entry("zfs", "2.3.3"));

  private static final Pattern IMAGE = Pattern.compile("/image/([^/]+)/(v[^/]+)/([a-z0-9.-]+)");

  private final LabClock clock;
  private final Ledger ledger;
  private final Faults faults;
  private final Map<String, Schematic> schematics = new ConcurrentHashMap<>();

  public ImageFactory(LabClock clock, Ledger ledger, Faults faults) {
    this.clock = clock;
    this.ledger = ledger;
    this.faults = faults;
  }

  /// The schematics that are there; the well-known ones are made when the first is asked for, so
  /// that a lab without Talos does not load a YAML reader.
  private Map<String, Schematic> schematics() {
    if (schematics.isEmpty()) {
      store(Schematic.of());
      store(Schematic.of("siderolabs/qemu-guest-agent"));
      store(Schematic.of("siderolabs/iscsi-tools", "siderolabs/util-linux-tools"));
    }
    return schematics;
  }

  private void store(Schematic schematic) {
    schematics.put(schematic.id(), schematic);
  }

  public boolean hasVersion(String version) {
    return VERSIONS.contains(version);
  }

  public boolean hasSchematic(String id) {
    return schematics().containsKey(id);
  }

  /// The extensions of a schematic, as `siderolabs/NAME`; none if it is unknown.
  public List<String> extensions(String id) {
    return Optional.ofNullable(schematics().get(id)).map(Schematic::extensions).orElse(List.of());
  }

  public Reply answer(Request request) {
    long seq = ledger.next();
    Instant wall = Instant.now();
    Optional<Faults.Met> crash = faults.crashAt(NODE, request.method(), request.path());
    if (crash.filter(c -> c.point().moment() == CrashPoint.Moment.BEFORE_READ).isPresent()) {
      crash.get().strike().run();
      return Reply.of(Reply.Delivery.RESET);
    }
    Optional<Fault> fault = faults.atCall(NODE, request.method(), request.path());
    Reply reply =
        fault.orElse(new Fault.Slow(java.time.Duration.ZERO)) instanceof Fault.Status s
            ? text(s.status(), s.reason())
            : route(request);
    ledger.add(
        new Ledger.Call(
            seq,
            clock.now(),
            wall,
            NODE,
            "",
            request.method(),
            request.path(),
            Map.of(),
            "",
            reply.status(),
            reply.reason(),
            Optional.empty(),
            fault.map(Object::toString)));
    Reply shaped =
        switch (fault.orElse(new Fault.Slow(java.time.Duration.ZERO))) {
          case Fault.Reset _ -> Reply.of(Reply.Delivery.RESET);
          case Fault.Silence _ -> Reply.of(Reply.Delivery.SILENCE);
          case Fault.Slow slow -> reply.withDelay(slow.wall());
          case Fault.HalfJson half ->
              reply.withDelivery(
                  half.announced() ? Reply.Delivery.HALF : Reply.Delivery.HALF_AS_WHOLE);
          default -> reply;
        };
    if (crash.isEmpty()) {
      return shaped;
    }
    if (crash.get().point().moment() == CrashPoint.Moment.AFTER_ACT) {
      crash.get().strike().run();
      return Reply.of(Reply.Delivery.RESET);
    }
    return shaped.afterwards(crash.get().strike());
  }

  private Reply route(Request request) {
    String[] path = request.path().substring(1).split("/", -1);
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (path[0]) {
      case "healthz", "readyz" -> text(200, "");
      case "versions" -> Reply.json(200, VERSIONS);
      case "version" -> version(path);
      case "schematics" -> {
        if (request.method().equals("POST")) {
          yield post(request);
        }
        Schematic known = path.length > 1 ? schematics().get(path[1]) : null;
        yield known == null
            ? text(404, "schematic not found")
            : Reply.of(200, "OK", "application/yaml", known.yaml());
      }
      case "image" -> reads ? image(request.path()) : text(405, "method not allowed");
      default -> text(404, "404 page not found");
    };
  }

  private Reply version(String[] path) {
    if (path.length < 4 || !path[3].equals("official")) {
      return text(404, "404 page not found");
    }
    if (!hasVersion(path[1])) {
      return path[1].matches("v\\d+\\.\\d+\\.\\d+.*")
          ? text(404, "version " + path[1] + " is not available")
          : text(500, "internal server error");
    }
    return switch (path[2]) {
      case "extensions" ->
          Reply.json(
              200,
              EXTENSIONS.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(e ->
                      Json.object(
                          "name",
                          "siderolabs/" + e.getKey(),
                          "ref",
                          "ghcr.io/siderolabs/" + e.getKey() + ":" + e.getValue(),
                          "digest",
                          "sha256:" + Schematic.of(e.getKey()).id(),
                          "author",
                          "Sidero Labs",
                          "description",
                          e.getKey()))
                  .toList());
      case "overlays" -> Reply.json(200, List.of());
      default -> text(404, "404 page not found");
    };
  }

  private Reply post(Request request) {
    try {
      Schematic schematic = Schematic.parse(HttpListener.text(request));
      store(schematic);
      return Reply.json(201, Json.object("id", schematic.id(), "schematic", schematic.yaml()));
    } catch (IllegalArgumentException e) {
      return text(400, String.valueOf(e.getMessage()));
    }
  }

  private Reply image(String path) {
    Matcher parts = IMAGE.matcher(path);
    if (!parts.matches()) {
      return text(400, "invalid profile: " + path);
    }
    Schematic schematic = schematics().get(parts.group(1));
    if (schematic == null) {
      return text(404, "schematic not found");
    }
    String version = parts.group(2);
    if (!hasVersion(version)) {
      return text(404, "version " + version + " is not available");
    }
    for (String extension : schematic.extensions()) {
      if (!EXTENSIONS.containsKey(extension.replaceFirst("^siderolabs/", ""))) {
        return text(
            400,
            "official extension \"%s\" is not available for Talos version %s"
                .formatted(extension, version));
      }
    }
    return parts
            .group(3)
            .matches(
                "(nocloud|metal)-amd64\\.(iso|raw|qcow2)(\\.(xz|zst|gz))?|(nocloud-|metal-)?installer-amd64\\.tar|kernel-amd64|initramfs-amd64\\.xz")
        ? Reply.of(200, "OK", "application/octet-stream", "talos " + version + " " + schematic.id())
        : text(400, "invalid profile: " + parts.group(3));
  }

  private static Reply text(int status, String body) {
    return Reply.of(
        status, status < 400 ? "OK" : "Error", "text/plain; charset=utf-8", body + "\n");
  }
}
