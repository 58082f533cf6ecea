package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.config.PveVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/// Users, tokens, roles and access control lists, and PVE's rules for what they add up to. Guarded
/// by the datacenter's monitor.
final class Access {
  static final String ROOT = "root@pam";

  /// `expires` in epoch seconds, 0 for never.
  static final class User {
    final String id;
    final Map<String, Token> tokens = new TreeMap<>();
    final Set<String> groups = new TreeSet<>();
    String password = "";
    boolean enabled = true;
    long expires;
    String comment = "";

    User(String id) {
      this.id = id;
    }
  }

  static final class Token {
    final String id;
    final String secret;
    boolean separated;
    long expires;
    String comment = "";

    Token(String id, String secret, boolean separated, long expires) {
      this.id = id;
      this.secret = secret;
      this.separated = separated;
      this.expires = expires;
    }
  }

  /// `kind` is user, group or token; `who` a user, a group, or `user@realm!token`.
  record Entry(String path, String kind, String who, String role, boolean propagate) {}

  /// Who calls: a user by ticket, or one of the user's tokens.
  record Principal(String user, Optional<String> token) {
    String authId() {
      return token.map(t -> user + "!" + t).orElse(user);
    }

    /// Root by ticket; a token of root@pam is not root.
    boolean isRoot() {
      return user.equals(ROOT) && token.isEmpty();
    }
  }

  record Ticket(String user, String value, String csrf, Instant issued) {}

  private static final List<String> COMMON =
      List.of(
          "Datastore.Allocate",
          "Datastore.AllocateSpace",
          "Datastore.AllocateTemplate",
          "Datastore.Audit",
          "Group.Allocate",
          "Mapping.Audit",
          "Mapping.Modify",
          "Mapping.Use",
          "Permissions.Modify",
          "Pool.Allocate",
          "Pool.Audit",
          "Realm.Allocate",
          "Realm.AllocateUser",
          "SDN.Allocate",
          "SDN.Audit",
          "SDN.Use",
          "Sys.AccessNetwork",
          "Sys.Audit",
          "Sys.Console",
          "Sys.Incoming",
          "Sys.Modify",
          "Sys.PowerMgmt",
          "Sys.Syslog",
          "User.Modify",
          "VM.Allocate",
          "VM.Audit",
          "VM.Backup",
          "VM.Clone",
          "VM.Config.CDROM",
          "VM.Config.CPU",
          "VM.Config.Cloudinit",
          "VM.Config.Disk",
          "VM.Config.HWType",
          "VM.Config.Memory",
          "VM.Config.Network",
          "VM.Config.Options",
          "VM.Console",
          "VM.Migrate",
          "VM.PowerMgmt",
          "VM.Snapshot",
          "VM.Snapshot.Rollback");
  private static final List<String> SINCE_9 =
      List.of(
          "VM.GuestAgent.Audit",
          "VM.GuestAgent.FileRead",
          "VM.GuestAgent.FileSystemMgmt",
          "VM.GuestAgent.FileWrite",
          "VM.GuestAgent.Unrestricted",
          "VM.Replicate");

  final Map<String, User> users = new TreeMap<>();
  final Map<String, Set<String>> roles = new TreeMap<>();
  final Set<String> builtInRoles;
  final List<Entry> acl = new ArrayList<>();
  final Set<String> groups = new TreeSet<>();
  final Set<String> privileges;
  private final Map<String, Ticket> tickets = new LinkedHashMap<>();
  private final Function<Integer, Optional<String>> poolOf;

  Access(PveVersion version, Function<Integer, Optional<String>> poolOf) {
    this.poolOf = poolOf;
    Set<String> all = new TreeSet<>(COMMON);
    all.addAll(version == PveVersion.V8_4 ? List.of("VM.Monitor") : SINCE_9);
    this.privileges = all;
    roles.put("Administrator", new TreeSet<>(all));
    roles.put("NoAccess", new TreeSet<>());
    role(
        "PVEAdmin",
        p ->
            !List.of(
                    "Realm.Allocate",
                    "Sys.Modify",
                    "Sys.PowerMgmt",
                    "Sys.Incoming",
                    "Permissions.Modify",
                    "Sys.AccessNetwork",
                    "Mapping.Modify")
                .contains(p));
    role("PVEAuditor", p -> p.endsWith(".Audit"));
    role("PVEVMAdmin", p -> p.startsWith("VM."));
    role(
        "PVEVMUser",
        p ->
            List.of(
                    "VM.Audit",
                    "VM.Backup",
                    "VM.Config.CDROM",
                    "VM.Config.Cloudinit",
                    "VM.Console",
                    "VM.PowerMgmt",
                    "VM.GuestAgent.Audit")
                .contains(p));
    role("PVEDatastoreAdmin", p -> p.startsWith("Datastore."));
    role(
        "PVEDatastoreUser", p -> List.of("Datastore.Audit", "Datastore.AllocateSpace").contains(p));
    role("PVEPoolAdmin", p -> p.startsWith("Pool."));
    role("PVEPoolUser", p -> p.equals("Pool.Audit"));
    role("PVESDNAdmin", p -> p.startsWith("SDN."));
    role("PVESDNUser", p -> p.equals("SDN.Audit") || p.equals("SDN.Use"));
    role("PVESysAdmin", p -> List.of("Sys.Audit", "Sys.Console", "Sys.Syslog").contains(p));
    role("PVETemplateUser", p -> p.equals("VM.Audit") || p.equals("VM.Clone"));
    role(
        "PVEUserAdmin",
        p ->
            p.equals("User.Modify")
                || p.equals("Group.Allocate")
                || p.equals("Realm.AllocateUser"));
    this.builtInRoles = Set.copyOf(roles.keySet());
    users.put(ROOT, new User(ROOT));
  }

  private void role(String name, java.util.function.Predicate<String> which) {
    Set<String> chosen = new TreeSet<>(privileges);
    chosen.removeIf(which.negate());
    roles.put(name, chosen);
  }

  User addUser(String id) {
    return users.computeIfAbsent(id, User::new);
  }

  Token addToken(String user, String id, boolean separated, long expires) {
    Token token = new Token(id, UUID.randomUUID().toString(), separated, expires);
    addUser(user).tokens.put(id, token);
    return token;
  }

  void grant(String path, String kind, String who, String role, boolean propagate) {
    acl.removeIf(e -> e.path.equals(path) && e.who.equals(who) && e.role.equals(role));
    acl.add(new Entry(path, kind, who, role, propagate));
  }

  // --- authentication -----------------------------------------------------------------------

  /// The caller behind an API token.
  ///
  /// @throws ApiError 401 with the text of PVE before 9.1.5
  Principal byToken(String credentials, Instant now) {
    int equals = credentials.lastIndexOf('=');
    String name = equals < 0 ? credentials : credentials.substring(0, equals);
    int bang = name.indexOf('!');
    if (bang < 0 || equals < 0) {
      throw ApiError.unauthorized(
          bang < 0
              ? "no tokenid specified"
              : "'%s' is not a valid token ID - not able to split into user and token parts"
                  .formatted(name));
    }
    String user = name.substring(0, bang);
    String tokenId = name.substring(bang + 1);
    User known = enabledUser(user, now);
    Token token = known.tokens.get(tokenId);
    if (token == null) {
      throw ApiError.unauthorized("no such token '%s' for user '%s'".formatted(tokenId, user));
    }
    if (token.expires > 0 && token.expires < now.getEpochSecond()) {
      throw ApiError.unauthorized("token '%s' access expired".formatted(tokenId));
    }
    if (!token.secret.equals(credentials.substring(equals + 1))) {
      throw ApiError.unauthorized("invalid token value!");
    }
    return new Principal(user, Optional.of(tokenId));
  }

  private User enabledUser(String id, Instant now) {
    User user = users.get(id);
    if (user == null) {
      throw ApiError.unauthorized("no such user ('%s')".formatted(id));
    }
    if (!user.enabled) {
      throw ApiError.unauthorized("user '%s' is disabled".formatted(id));
    }
    if (user.expires > 0 && user.expires < now.getEpochSecond()) {
      throw ApiError.unauthorized("user '%s' access expired".formatted(id));
    }
    return user;
  }

  /// A ticket for a password, or for a ticket that is still good.
  Ticket login(String user, String password, Instant now) {
    User known;
    try {
      known = enabledUser(user, now);
    } catch (ApiError _) {
      throw ApiError.unauthorized("authentication failure");
    }
    boolean renewed =
        Optional.ofNullable(tickets.get(password)).map(t -> t.user.equals(user)).orElse(false);
    if (!renewed && (known.password.isEmpty() || !known.password.equals(password))) {
      throw ApiError.unauthorized("authentication failure");
    }
    String time = "%08X".formatted(now.getEpochSecond());
    String value = "PVE:%s:%s::%s".formatted(user, time, random());
    Ticket ticket = new Ticket(user, value, time + ":" + random(), now);
    tickets.put(value, ticket);
    return ticket;
  }

  private static String random() {
    return java.util.Base64.getEncoder()
        .withoutPadding()
        .encodeToString(
            (UUID.randomUUID() + "" + UUID.randomUUID())
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  Principal byTicket(String value, Optional<String> csrf, boolean writes, Instant now) {
    Ticket ticket = tickets.get(value);
    if (ticket == null || ticket.issued.plusSeconds(7200).isBefore(now)) {
      throw ApiError.unauthorized("permission denied - invalid PVE ticket");
    }
    enabledUser(ticket.user, now);
    if (writes && !csrf.filter(ticket.csrf::equals).isPresent()) {
      throw ApiError.unauthorized("Permission denied - invalid csrf token");
    }
    return new Principal(ticket.user, Optional.empty());
  }

  // --- authorization ------------------------------------------------------------------------

  boolean has(Principal who, String path, String privilege) {
    return effective(who, path).containsKey(privilege);
  }

  /// What `who` may at `path`: each privilege with its propagate flag.
  Map<String, Boolean> effective(Principal who, String path) {
    if (who.isRoot()) {
      Map<String, Boolean> all = new TreeMap<>();
      privileges.forEach(p -> all.put(p, true));
      return all;
    }
    if (who.token.isEmpty()) {
      return withPool(who.user, false, path);
    }
    Principal owner = new Principal(who.user, Optional.empty());
    Map<String, Boolean> ownersRights = effective(owner, path);
    boolean separated =
        Optional.ofNullable(users.get(who.user))
            .map(u -> u.tokens.get(who.token.get()))
            .map(t -> t.separated)
            .orElse(true);
    if (!separated) {
      return ownersRights;
    }
    Map<String, Boolean> own = withPool(who.authId(), true, path);
    own.keySet().retainAll(ownersRights.keySet());
    return own;
  }

  private Map<String, Boolean> withPool(String who, boolean token, String path) {
    Map<String, Boolean> rights = plain(who, token, path);
    if (path.matches("/vms/\\d+")) {
      poolOf
          .apply(Integer.parseInt(path.substring(5)))
          .ifPresent(pool -> plain(who, token, "/pool/" + pool).forEach(rights::putIfAbsent));
    }
    return rights;
  }

  /// The entry nearest to `path` decides; at one path a user's entries hide those of the groups.
  private Map<String, Boolean> plain(String who, boolean token, String path) {
    Map<String, Boolean> chosen = new LinkedHashMap<>();
    for (String level : levels(path)) {
      boolean last = level.equals(path);
      Map<String, Boolean> here = rolesAt(level, token ? "token" : "user", Set.of(who), last);
      if (here.isEmpty() && !token) {
        Set<String> memberships =
            Optional.ofNullable(users.get(who)).map(u -> u.groups).orElse(Set.of());
        here = rolesAt(level, "group", memberships, last);
      }
      if (!here.isEmpty()) {
        chosen = here;
      }
    }
    Map<String, Boolean> rights = new TreeMap<>();
    if (chosen.containsKey("NoAccess")) {
      return rights;
    }
    chosen.forEach((role, propagate) ->
        roles
            .getOrDefault(role, Set.of())
            .forEach(p -> rights.merge(p, propagate, Boolean::logicalOr)));
    return rights;
  }

  private Map<String, Boolean> rolesAt(String level, String kind, Set<String> who, boolean last) {
    Map<String, Boolean> found = new LinkedHashMap<>();
    for (Entry entry : acl) {
      if (entry.path.equals(level)
          && entry.kind.equals(kind)
          && who.contains(entry.who)
          && (last || entry.propagate)) {
        found.put(entry.role, entry.propagate);
      }
    }
    return found;
  }

  private static List<String> levels(String path) {
    List<String> levels = new ArrayList<>(List.of("/"));
    StringBuilder so = new StringBuilder();
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        so.append('/').append(part);
        levels.add(so.toString());
      }
    }
    return levels;
  }

  /// The paths that PVE looks at when somebody asks for all of his rights.
  Set<String> knownPaths() {
    Set<String> paths =
        new LinkedHashSet<>(
            List.of(
                "/",
                "/access",
                "/access/groups",
                "/access/realm",
                "/mapping",
                "/nodes",
                "/pool",
                "/sdn",
                "/storage",
                "/vms"));
    acl.forEach(entry -> paths.add(entry.path));
    return paths;
  }
}
