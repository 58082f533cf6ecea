package dev.pvebot.runbooks.planner;

import dev.pvebot.clusters.ClusterName;
import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.clusters.fleet.Fleet;
import dev.pvebot.clusters.placement.Membership;
import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.VmidRange;
import dev.pvebot.clusters.yaml.Nearest;
import dev.pvebot.commands.Catalog;
import dev.pvebot.runbooks.format.Durations;
import dev.pvebot.runbooks.format.Runbook;
import dev.pvebot.runbooks.planner.Planned.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What was said, held against the runbook's parameters and the fleet.
///
/// @param data the parameters as JSON data, defaults filled in
/// @param values scalars as expressions see them; an absent one is an empty optional
/// @param profile of the parameter of type profile, if there is one
/// @param guests named by parameters of type vm and vms, by parameter
/// @param selected guests of the parameter of type vms, or those that a tag selects
/// @param saved VMIDs whose snapshots and backups may be asked for
/// @param tag what selected them, if a tag did
/// @param templates by parameter
record Spoken(
    Map<String, Object> data,
    Map<String, Object> values,
    Optional<ClusterProfile> profile,
    Map<String, Fleet.Guest> guests,
    List<Fleet.Guest> selected,
    Set<Vmid> saved,
    Optional<String> tag,
    Map<String, Fleet.Guest> templates) {

  /// Reads what was said; one use.
  static final class Reader {
    private final Runbook runbook;
    private final Map<String, ?> said;
    private final PlanningWorld world;
    private final List<Reason> reasons;
    private final Map<String, Object> data = new LinkedHashMap<>();
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, Fleet.Guest> guests = new LinkedHashMap<>();
    private final Map<String, Fleet.Guest> templates = new LinkedHashMap<>();
    private Optional<ClusterProfile> profile = Optional.empty();
    private List<Fleet.Guest> selected = List.of();
    private final Set<Vmid> saved = new TreeSet<>();
    private Optional<String> selectedBy = Optional.empty();

    Reader(Runbook runbook, Map<String, ?> said, PlanningWorld world, List<Reason> reasons) {
      this.runbook = runbook;
      this.said = said;
      this.world = world;
      this.reasons = reasons;
    }

    Spoken read() {
      Set<String> known = new java.util.TreeSet<>();
      runbook.params().forEach(param -> known.add(param.name()));
      said.keySet().stream()
          .filter(name -> !known.contains(name))
          .sorted()
          .forEach(name ->
              reasons.add(
                  Reason.of(
                      "%s has no parameter '%s'".formatted(runbook.name(), name),
                      known.isEmpty()
                          ? "It has none."
                          : "It has %s.".formatted(String.join(", ", known)))));
      runbook.params().forEach(this::param);
      select();
      selected.forEach(guest -> saved.add(guest.vmid()));
      return new Spoken(data, values, profile, guests, selected, saved, selectedBy, templates);
    }

    private void param(Runbook.Param param) {
      Optional<Object> given =
          Optional.<Object>ofNullable(said.get(param.name())).or(param::fallback);
      if (given.isEmpty()) {
        if (param.fresh()) {
          chooseVmid(param);
        } else if (param.required()) {
          reasons.add(Reason.of("%s is missing".formatted(param.name()), "Say it too."));
        } else if (param.type() != Catalog.Type.VMS && param.type() != Catalog.Type.PROFILE) {
          values.put(param.name(), Optional.empty());
        }
        return;
      }
      boolean optional = !param.required() && param.fallback().isEmpty() && !param.fresh();
      Object value = given.get();
      switch (param.type()) {
        case PROFILE -> profile(param, value);
        case VM -> {
          switch (param.names()) {
            case NEW -> freshVmid(param, value, world.site().vmRange());
            case MAYBE -> maybe(param, value, optional);
            case KNOWN, CONTAINER ->
                vmids(param, value).stream()
                    .findFirst()
                    .flatMap(vmid -> existing(vmid, Fleet.Kind.VM))
                    .ifPresent(guest -> {
                      guests.put(param.name(), guest);
                      saved.add(guest.vmid());
                    });
          }
        }
        case VMS -> {
          List<Vmid> vmids = vmids(param, value);
          Fleet.Kind kind =
              param.names() == Runbook.Names.CONTAINER ? Fleet.Kind.CONTAINER : Fleet.Kind.VM;
          selected = vmids.stream().flatMap(vmid -> existing(vmid, kind).stream()).toList();
        }
        case TEMPLATE -> {
          if (param.fresh()) {
            freshVmid(param, value, world.site().templateRange());
          } else {
            template(param, value);
          }
        }
        case NODE -> node(param, value, optional);
        case DURATION -> duration(param, value, optional);
        case BOOLEAN -> plain(param, value, value instanceof Boolean, "true or false", optional);
        case INTEGER, MEMORY, OPERATION -> number(param, value, optional);
        case TEXT ->
            plain(
                param,
                value instanceof Collection<?> many
                    ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
                    : value,
                true,
                "a text",
                optional);
        case TAG, NAME, SIZE, CIDR, DISK, STORAGE, VERSION, UPID, URL ->
            plain(
                param, value, value instanceof String text && !text.isBlank(), "a text", optional);
      }
    }

    private void put(String name, Object value, boolean optional) {
      data.put(name, value);
      values.put(name, optional ? Optional.of(value) : value);
    }

    private void plain(
        Runbook.Param param, Object value, boolean fits, String wanted, boolean optional) {
      if (!fits) {
        reasons.add(
            Reason.of(
                "%s is '%s'; expected %s".formatted(param.name(), value, wanted), "Say it again."));
        return;
      }
      put(
          param.name(),
          value instanceof Integer number ? (Object) number.longValue() : value,
          optional);
    }

    private void number(Runbook.Param param, Object value, boolean optional) {
      Object number =
          value instanceof String text && text.matches("\\d{1,9}") ? Integer.valueOf(text) : value;
      plain(param, number, number instanceof Number, "a number", optional);
    }

    private void maybe(Runbook.Param param, Object value, boolean optional) {
      vmids(param, value).stream()
          .findFirst()
          .ifPresent(vmid -> {
            saved.add(vmid);
            put(param.name(), (long) vmid.value(), optional);
          });
    }

    private void duration(Runbook.Param param, Object value, boolean optional) {
      Optional<Long> seconds =
          value instanceof Number number
              ? Optional.of(number.longValue()).filter(n -> n > 0)
              : Durations.parse(String.valueOf(value)).map(java.time.Duration::toSeconds);
      if (seconds.isEmpty()) {
        plain(param, value, false, "a duration such as 90s, 10m or 1h", optional);
      } else {
        put(param.name(), seconds.get(), optional);
      }
    }

    private void profile(Runbook.Param param, Object value) {
      List<String> names =
          world.site().profiles().stream().map(known -> known.name().value()).sorted().toList();
      Optional<ClusterProfile> found = Optional.empty();
      try {
        found = world.site().profile(new ClusterName(String.valueOf(value)));
      } catch (IllegalArgumentException _) {
        // no cluster can have that name
      }
      if (found.isEmpty()) {
        reasons.add(
            new Reason(
                "No cluster is called '%s'".formatted(value),
                Optional.empty(),
                Optional.of(
                    Nearest.to(String.valueOf(value), names)
                        .map("Did you mean %s?"::formatted)
                        .orElse("There is %s.".formatted(String.join(", ", names))))));
        return;
      }
      profile = found;
      data.put(param.name(), found.get().name().value());
    }

    private List<Vmid> vmids(Runbook.Param param, Object value) {
      Collection<?> items = value instanceof Collection<?> many ? many : List.of(value);
      List<Vmid> vmids = new ArrayList<>();
      for (Object item : items) {
        try {
          Vmid vmid = Vmid.parse(String.valueOf(item));
          if (!vmids.contains(vmid)) {
            vmids.add(vmid);
          }
        } catch (IllegalArgumentException e) {
          reasons.add(Reason.of(String.valueOf(e.getMessage()), "Name a VM by its VMID."));
        }
      }
      if (vmids.size() > 1 && param.type() != Catalog.Type.VMS) {
        reasons.add(
            Reason.of(
                "%s takes one VM, not %d".formatted(runbook.name(), vmids.size()),
                "Say it for each of them."));
        return List.of();
      }
      if (param.type() == Catalog.Type.VMS || param.fresh()) {
        data.put(param.name(), vmids.stream().map(vmid -> (Object) (long) vmid.value()).toList());
      } else {
        vmids.stream().findFirst().ifPresent(vmid -> data.put(param.name(), (long) vmid.value()));
      }
      return vmids;
    }

    private Optional<Fleet.Guest> existing(Vmid vmid, Fleet.Kind wanted) {
      Optional<Fleet.Guest> guest = world.fleet().guest(vmid);
      if (guest.isEmpty()) {
        reasons.add(
            world.fleet().completeView()
                ? Reason.of("VM %s does not exist".formatted(vmid), "`vm list` shows which do.")
                : Reason.of(
                    "VM %s is not in sight".formatted(vmid),
                    "The API token does not see every guest: grant it VM.Audit on /vms,"
                        + " propagated."));
        return Optional.empty();
      }
      if (guest.get().kind() != wanted) {
        boolean container = guest.get().kind() == Fleet.Kind.CONTAINER;
        reasons.add(
            Reason.of(
                "%s (%s) is a %s, not a %s"
                    .formatted(
                        vmid,
                        guest.get().name(),
                        container ? "container" : "VM",
                        container ? "VM" : "container"),
                container
                    ? "Containers have commands of their own: `ct list` shows them."
                    : "Say the same without `ct`."));
        return Optional.empty();
      }
      if (guest.get().template()) {
        reasons.add(
            Reason.of(
                "%s (%s) is a template, not a VM".formatted(vmid, guest.get().name()),
                "Name a VM, or clone it first."));
        return Optional.empty();
      }
      return guest;
    }

    private void template(Runbook.Param param, Object value) {
      List<Vmid> vmids = vmids(param, value);
      for (Vmid vmid : vmids) {
        Optional<Fleet.Guest> guest = world.fleet().guest(vmid);
        if (guest.filter(Fleet.Guest::template).isEmpty()) {
          reasons.add(
              Reason.of(
                  guest
                      .map(found -> "%s (%s) is no template".formatted(vmid, found.name()))
                      .orElse("Template %s does not exist".formatted(vmid)),
                  "`template list` shows what there is."));
        } else {
          templates.put(param.name(), guest.get());
        }
      }
    }

    private void node(Runbook.Param param, Object value, boolean optional) {
      List<String> names = world.fleet().nodes().stream().map(node -> node.name().value()).toList();
      String text = String.valueOf(value);
      if (!names.contains(text)) {
        reasons.add(
            Reason.of(
                "No node is called '%s'".formatted(text),
                Nearest.to(text, names)
                    .map("Did you mean %s?"::formatted)
                    .orElse("There is %s.".formatted(String.join(", ", names)))));
        return;
      }
      put(param.name(), new NodeName(text).value(), optional);
    }

    private void freshVmid(Runbook.Param param, Object value, VmidRange range) {
      for (Vmid vmid : vmids(param, value)) {
        Optional<Fleet.Guest> taken = world.fleet().guest(vmid);
        if (taken.isPresent()) {
          reasons.add(
              Reason.of(
                  "VMID %s is taken by %s on %s"
                      .formatted(vmid, taken.get().name(), taken.get().node()),
                  "Choose another, or leave it out to have one chosen."));
        } else if (world.reserved().contains(vmid)) {
          reasons.add(
              Reason.of(
                  "VMID %s is set aside by another operation, or was freed a moment ago"
                      .formatted(vmid),
                  "Choose another, or wait."));
        } else if (!range.contains(vmid)) {
          reasons.add(
              Reason.of(
                  "VMID %s is outside of %s, the site's range for %s"
                      .formatted(vmid, range, things(param)),
                  "Choose one inside, or leave it out to have one chosen."));
        } else {
          values.put(param.name(), (long) vmid.value());
        }
      }
    }

    private static String things(Runbook.Param param) {
      return param.type() == Catalog.Type.TEMPLATE ? "templates" : "VMs";
    }

    /// The lowest VMID that nobody has, nobody has reserved and no profile names.
    private void chooseVmid(Runbook.Param param) {
      if (!world.fleet().completeView()) {
        reasons.add(
            Reason.of(
                "A free VMID cannot be told, for the API token does not see every guest",
                "Grant it VM.Audit on /vms, propagated, or name a VMID."));
        return;
      }
      Set<Vmid> taken = new HashSet<>(world.reserved());
      world.fleet().guests().forEach(guest -> taken.add(guest.vmid()));
      world.site().profiles().forEach(known -> taken.addAll(known.vmids()));
      VmidRange range =
          param.type() == Catalog.Type.TEMPLATE
              ? world.site().templateRange()
              : world.site().vmRange();
      for (int n = range.first().value(); n <= range.last().value(); n++) {
        if (!taken.contains(new Vmid(n))) {
          data.put(param.name(), List.of((long) n));
          values.put(param.name(), (long) n);
          return;
        }
      }
      reasons.add(
          Reason.of(
              "No VMID of %s is free".formatted(range),
              "Widen vmid_ranges.%s in cluster-config.yaml."
                  .formatted(things(param).toLowerCase(Locale.ROOT))));
    }

    /// Guests that were not named one by one: by a tag, or as a cluster's.
    private void select() {
      Optional<Runbook.Param> vms =
          runbook.params().stream().filter(param -> param.type() == Catalog.Type.VMS).findFirst();
      if (vms.isEmpty()) {
        return;
      }
      Optional<Runbook.Param> tagParam =
          runbook.params().stream()
              .filter(param -> param.type() == Catalog.Type.TAG && param.name().equals("tag"))
              .findFirst();
      Optional<String> tag = tagParam.map(param -> data.get(param.name())).map(String::valueOf);
      boolean named = said.containsKey(vms.get().name());
      if (named && tag.isPresent()) {
        reasons.add(Reason.of("Both VMs and a tag were named", "Name one or the other."));
      } else if (tag.isPresent()) {
        selectedBy = tag;
        selected = world.fleet().vms().filter(guest -> guest.tags().contains(tag.get())).toList();
        if (selected.isEmpty()) {
          String known =
              world
                  .fleet()
                  .vms()
                  .flatMap(guest -> guest.tags().stream())
                  .distinct()
                  .sorted()
                  .collect(Collectors.joining(", "));
          reasons.add(
              Reason.of(
                  "No VM is tagged `%s`".formatted(tag.get()),
                  "Tags in use: %s.".formatted(known)));
        }
      } else if (!named && profile.isPresent()) {
        ClusterProfile cluster = profile.get();
        selected =
            Membership.of(cluster, world.site(), world.fleet(), world.createdByUs(cluster.name()))
                .members();
        if (selected.isEmpty()) {
          reasons.add(
              Reason.of(
                  "%s has no VMs".formatted(cluster.name()), "`vm list` shows which there are."));
        }
      } else if (!named && !vms.get().required()) {
        reasons.add(
            Reason.of(
                "No VM was named",
                "Name VMs by their VMIDs%s.".formatted(tagParam.isPresent() ? ", or a tag" : "")));
      }
    }
  }
}
