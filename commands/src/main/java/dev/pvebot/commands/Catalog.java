package dev.pvebot.commands;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that can be said on this site: the commands (from the runbook library and the bot's
/// own reads) and the names of clusters, nodes and machines.
///
/// @param commands one entry for each intent
/// @param clusters profile name -> aliases
/// @param nodes names of the Proxmox VE nodes
/// @param machines names of the profiles' machines -> VMID, so that "restart ts01" finds its VM
public record Catalog(
    List<Entry> commands,
    Map<String, Set<String>> clusters,
    Set<String> nodes,
    Map<String, Integer> machines) {

  public Catalog {
    commands = List.copyOf(commands);
    clusters = Map.copyOf(clusters);
    nodes = Set.copyOf(nodes);
    machines = Map.copyOf(machines);
  }

  public Catalog(List<Entry> commands, Map<String, Set<String>> clusters, Set<String> nodes) {
    this(commands, clusters, nodes, Map.of());
  }

  /// A site's names with the built-in commands.
  ///
  /// @param clusters profile name -> aliases
  public static Catalog of(Map<String, Set<String>> clusters, Set<String> nodes) {
    return new Catalog(BuiltIns.entries(), clusters, nodes);
  }

  /// The same site with the runbook library's commands merged into the built-in ones.
  public Catalog withLibrary(List<Entry> library) {
    return new Catalog(BuiltIns.with(library), clusters, nodes, machines);
  }

  /// The same site with the names of its machines.
  public Catalog withMachines(Map<String, Integer> machines) {
    return new Catalog(commands, clusters, nodes, machines);
  }

  /// One command.
  ///
  /// @param intent for example `vm.migrate`
  /// @param phrases patterns of plain English: `{param}` stands for a value, `(a|b)` for a choice,
  ///   `[x]` for what may be left out
  /// @param examples whole sentences for help
  public record Entry(
      String intent,
      Risk risk,
      String summary,
      List<Param> params,
      List<String> phrases,
      List<String> examples) {
    public Entry {
      params = List.copyOf(params);
      phrases = List.copyOf(phrases);
      examples = List.copyOf(examples);
    }
  }

  /// @param type what kind of value, which also decides how it is recognised and completed
  public record Param(String name, Type type, boolean required, Optional<String> description) {}

  public enum Type {
    /// A cluster profile by name or alias.
    PROFILE,
    NODE,
    /// One VMID.
    VM,
    /// One or more VMIDs.
    VMS,
    TEMPLATE,
    TAG,
    /// A name of a VM or a snapshot.
    NAME,
    TEXT,
    INTEGER,
    /// Memory; the value is in MiB.
    MEMORY,
    /// A disk size, absolute (`100G`) or relative (`+50G`).
    SIZE,
    CIDR,
    DISK,
    STORAGE,
    VERSION,
    BOOLEAN,
    DURATION,
    OPERATION,
    UPID,
    URL
  }

  public Optional<Entry> entry(String intent) {
    return commands.stream().filter(entry -> entry.intent().equals(intent)).findFirst();
  }
}
