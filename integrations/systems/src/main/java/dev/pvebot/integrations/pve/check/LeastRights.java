package dev.pvebot.integrations.pve.check;

import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Traits.Privilege;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The least that the bot's user must be allowed, from what the actions declare, and the `pveum`
/// lines that give it.
///
/// One role for each path, because an entry of PVE's access list hides what is inherited from
/// above. Their names do not begin with `PVE`: since 8.0 PVE keeps that for itself, in any case.
///
/// @param byPath path -> privileges; each holds on everything below its path
public record LeastRights(SortedMap<String, SortedSet<String>> byPath) {
  public LeastRights {
    byPath = Collections.unmodifiableSortedMap(new TreeMap<>(byPath));
  }

  /// @param major version of PVE, 8 or 9: they do not know the same privileges
  public static LeastRights of(Actions actions, int major) {
    Set<Privilege> declared = Declared.by(actions, major).keySet();
    SortedMap<String, SortedSet<String>> byPath = new TreeMap<>();
    for (Privilege privilege : declared) {
      List<String> names = Declared.names(privilege);
      if (names.size() == 1) {
        at(byPath, privilege).add(names.getFirst());
      }
    }
    for (Privilege privilege : declared) {
      List<String> names = Declared.names(privilege);
      if (Collections.disjoint(at(byPath, privilege), names)) {
        at(byPath, privilege).add(names.getFirst());
      }
    }
    return new LeastRights(byPath);
  }

  /// The path on which a declared privilege must hold with everything below it: `/vms` for
  /// `/vms/{vmid}`.
  public static String root(String declaredPath) {
    return Declared.root(declaredPath);
  }

  private static SortedSet<String> at(
      SortedMap<String, SortedSet<String>> byPath, Privilege privilege) {
    return byPath.computeIfAbsent(Declared.root(privilege.path()), _ -> new TreeSet<>());
  }

  /// Makes the roles, the user and its token, on a cluster that has none of them. The last line
  /// prints the token's secret, once.
  ///
  /// @param user `pvebot@pve`
  /// @param token the name of its token
  public List<String> pveum(String user, String token) {
    List<String> lines = new ArrayList<>();
    byPath.forEach((path, privileges) -> lines.add(addRole(path, privileges)));
    lines.add("pveum user add %s".formatted(user));
    byPath.keySet().forEach(path -> lines.add(grant(path, "--users " + user)));
    lines.add("pveum user token add %s %s --privsep 0".formatted(user, token));
    return lines;
  }

  /// Brings what an existing token may do on one path up to date; whether or not its role exists
  /// and its rights are its user's.
  ///
  /// @param tokenId `user@realm!name`
  /// @return empty when nothing is declared for the path
  public List<String> mending(String path, String tokenId) {
    SortedSet<String> privileges = byPath.get(path);
    if (privileges == null) {
      return List.of();
    }
    String user = tokenId.replaceFirst("!.*", "");
    return List.of(
        "pveum role add %s 2>/dev/null".formatted(role(path)),
        "pveum role modify %s --privs \"%s\"".formatted(role(path), String.join(" ", privileges)),
        grant(path, "--users %s --tokens '%s'".formatted(user, tokenId)));
  }

  private static String addRole(String path, SortedSet<String> privileges) {
    return "pveum role add %s --privs \"%s\"".formatted(role(path), String.join(" ", privileges));
  }

  private static String grant(String path, String whom) {
    return "pveum acl modify %s %s --roles %s".formatted(path, whom, role(path));
  }

  private static String role(String path) {
    return "bot" + (path.equals("/") ? "-site" : path.replace('/', '-'));
  }
}
