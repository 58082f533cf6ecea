package dev.pvebot.runbooks.planner;

import dev.pvebot.commands.Catalog;
import dev.pvebot.runbooks.expression.Scope;
import dev.pvebot.runbooks.expression.Type;
import dev.pvebot.runbooks.format.Runbook;
import java.util.Map;

/// The names that a runbook's expressions may use, with their types: they follow from its
/// parameters.
///
/// | parameter of type | brings |
/// |---|---|
/// | any | its own name |
/// | `profile` | the profile under its own name; `machines` to be made, `members` that exist, `template` |
/// | `vms` | `vms`, the guests named by it or selected by a parameter of type `tag` |
/// | `vms`, `vm` | `snapshots` of those that exist, and `backups` of all of them |
/// | `node` called `node` | `leaving` and `returning`, where its guests go and which come home; `staying`, those that cannot |
/// | - | always: `site`, `limits`, `inventory` |
public final class Vocabulary {
  /// The node that guests leave or come home to.
  static final String NODE = "node";

  static final String MACHINES = "machines";
  static final String MEMBERS = "members";
  static final String TEMPLATE = "template";
  static final String VMS = "vms";
  static final String LEAVING = "leaving";
  static final String RETURNING = "returning";
  static final String STAYING = "staying";
  static final String SNAPSHOTS = "snapshots";
  static final String BACKUPS = "backups";
  static final String INVENTORY = "inventory";
  static final String LIMITS = "limits";
  static final String SITE = "site";

  private static final Type GUEST = Type.ofRecord(World.Guest.class);
  private static final Type TEMPLATE_TYPE = Type.ofRecord(World.Template.class);
  private static final Type INVENTORY_TYPE = Type.ofRecord(World.Inventory.class);
  private static final Type MACHINES_TYPE = new Type.ListOf(Type.ofRecord(World.NewMachine.class));
  private static final Type CHAINS = new Type.ListOf(Type.ofRecord(World.Chain.class));
  private static final Type STAYING_TYPE = new Type.ListOf(Type.ofRecord(World.Stays.class));
  private static final Type SNAPSHOTS_TYPE = new Type.ListOf(Type.ofRecord(World.Snapshot.class));
  private static final Type BACKUPS_TYPE = new Type.ListOf(Type.ofRecord(World.SavedGuest.class));
  private static final Type CLUSTER = Type.ofRecord(World.Cluster.class);

  private Vocabulary() {}

  /// What the prerequisites and the first step may use.
  public static Scope of(Runbook runbook) {
    Scope scope =
        new Scope(
            Map.of(
                SITE, Type.ofRecord(World.SiteFacts.class),
                LIMITS, Type.ofRecord(World.Limits.class),
                INVENTORY, INVENTORY_TYPE));
    for (Runbook.Param param : runbook.params()) {
      switch (param.type()) {
        case PROFILE ->
            scope =
                scope
                    .with(param.name(), CLUSTER)
                    .with(MACHINES, MACHINES_TYPE)
                    .with(MEMBERS, new Type.ListOf(GUEST))
                    .with(TEMPLATE, TEMPLATE_TYPE);
        case VMS ->
            scope =
                scope
                    .with(VMS, new Type.ListOf(GUEST))
                    .with(SNAPSHOTS, SNAPSHOTS_TYPE)
                    .with(BACKUPS, BACKUPS_TYPE);
        case VM ->
            scope =
                scope
                    .with(param.name(), type(param))
                    .with(SNAPSHOTS, SNAPSHOTS_TYPE)
                    .with(BACKUPS, BACKUPS_TYPE);
        case NODE -> {
          scope = scope.with(param.name(), type(param));
          if (param.name().equals(NODE)) {
            scope = scope.with(LEAVING, CHAINS).with(RETURNING, CHAINS).with(STAYING, STAYING_TYPE);
          }
        }
        default -> scope = scope.with(param.name(), type(param));
      }
    }
    return scope;
  }

  private static Type type(Runbook.Param param) {
    boolean number = param.fresh() || param.names() == Runbook.Names.MAYBE;
    Type type = type(param.type(), number);
    boolean always = param.required() || param.fallback().isPresent() || param.fresh();
    return always ? type : new Type.OptionalOf(type);
  }

  /// @param number whether a VMID is all that there is to know
  private static Type type(Catalog.Type type, boolean number) {
    return switch (type) {
      case PROFILE -> CLUSTER;
      case VM -> number ? Type.Scalar.INT : GUEST;
      case VMS -> new Type.ListOf(GUEST);
      case TEMPLATE -> number ? Type.Scalar.INT : TEMPLATE_TYPE;
      // durations are seconds, memory is MiB
      case INTEGER, MEMORY, OPERATION, DURATION -> Type.Scalar.INT;
      case BOOLEAN -> Type.Scalar.BOOL;
      case NODE, TAG, NAME, TEXT, SIZE, CIDR, DISK, STORAGE, VERSION, UPID, URL ->
          Type.Scalar.STRING;
    };
  }

  /// Names that the world has taken already; no parameter, item or register may hide one of them.
  public static boolean isTaken(String name) {
    return java.util.Set.of(
            MACHINES, MEMBERS, VMS, INVENTORY, LIMITS, SITE, LEAVING, RETURNING, STAYING, SNAPSHOTS,
            BACKUPS)
        .contains(name);
  }
}
