package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Logins, rights, users, roles, tokens and access control lists: what `pveum` does.
final class AccessApi {
  private final Datacenter datacenter;
  private final Access access;

  AccessApi(Datacenter datacenter) {
    this.datacenter = datacenter;
    this.access = datacenter.access;
  }

  void routes(Router router) {
    String user = "/access/users/{userid}";
    String token = user + "/token/{tokenid}";
    router
        .on("GET", "/access/ticket", _ -> Json.NULL)
        .on("POST", "/access/ticket", this::login)
        .on("GET", "/access/permissions", this::permissions)
        .on("GET", "/access/domains", _ -> domains())
        .on("GET", "/access/users", this::users)
        .on("POST", "/access/users", this::addUser)
        .on("GET", user, this::user)
        .on("PUT", user, this::changeUser)
        .on("DELETE", user, this::removeUser)
        .on("GET", user + "/token", this::tokens)
        .on("GET", token, call -> info(token(call)))
        .on("POST", token, this::addToken)
        .on("PUT", token, this::changeToken)
        .on("DELETE", token, this::removeToken)
        .on("GET", "/access/roles", _ -> roles())
        .on("GET", "/access/roles/{roleid}", this::role)
        .on("POST", "/access/roles", this::addRole)
        .on("PUT", "/access/roles/{roleid}", this::changeRole)
        .on("DELETE", "/access/roles/{roleid}", this::removeRole)
        .on("GET", "/access/acl", this::acl)
        .on("PUT", "/access/acl", this::changeAcl);
  }

  private Object login(Call call) {
    String name = call.need("username");
    String user = name.contains("@") ? name : name + "@" + call.get("realm").orElse("pam");
    Instant now = datacenter.clock().now();
    Access.Ticket ticket = access.login(user, call.need("password"), now);
    Access.Principal who = new Access.Principal(user, Optional.empty());
    Map<String, Object> capabilities = new TreeMap<>();
    Map.of(
            "vms",
            "/vms",
            "storage",
            "/storage",
            "nodes",
            "/nodes",
            "access",
            "/access",
            "dc",
            "/",
            "sdn",
            "/sdn",
            "mapping",
            "/mapping")
        .forEach((key, path) -> {
          Map<String, Object> rights = new TreeMap<>();
          access.effective(who, path).keySet().forEach(p -> rights.put(p, 1));
          capabilities.put(key, rights);
        });
    Map<String, Object> answer =
        Json.object(
            "username",
            user,
            "ticket",
            ticket.value(),
            "CSRFPreventionToken",
            ticket.csrf(),
            "cap",
            capabilities);
    if (access.has(who, "/", "Sys.Audit")) {
      answer.put("clustername", datacenter.config().clusterName().replace('.', '-'));
    }
    return answer;
  }

  private Object permissions(Call call) {
    Access.Principal who = call.who();
    if (call.get("userid").isPresent()) {
      String[] parts = call.need("userid").split("!", 2);
      Access.Principal asked =
          new Access.Principal(
              parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty());
      if (!asked.user().equals(who.user())) {
        call.require("/access", "Sys.Audit");
      }
      who = asked;
    }
    Map<String, Object> answer = new TreeMap<>();
    Set<String> paths = call.get("path").map(Set::of).orElseGet(access::knownPaths);
    for (String path : paths) {
      Map<String, Object> rights = new TreeMap<>();
      access.effective(who, path).forEach((p, propagate) -> rights.put(p, propagate ? 1 : 0));
      if (!rights.isEmpty() || call.get("path").isPresent()) {
        answer.put(path, rights);
      }
    }
    return answer;
  }

  private static Object domains() {
    return List.of(
        Json.object("realm", "pam", "type", "pam", "comment", "Linux PAM standard authentication"),
        Json.object("realm", "pve", "type", "pve", "comment", "Proxmox VE authentication server"));
  }

  // --- users --------------------------------------------------------------------------------

  private Object users(Call call) {
    boolean all =
        call.may("/access/groups", "User.Modify") || call.may("/access/groups", "Sys.Audit");
    List<Object> rows = new ArrayList<>();
    for (Access.User user : access.users.values()) {
      if (all || user.id.equals(call.who().user())) {
        Map<String, Object> row =
            Json.object(
                "userid",
                user.id,
                "enable",
                user.enabled ? 1 : 0,
                "expire",
                user.expires,
                "realm-type",
                user.id.substring(user.id.indexOf('@') + 1));
        if (call.flag("full")) {
          List<Object> tokens = new ArrayList<>();
          user.tokens
              .values()
              .forEach(t -> {
                Map<String, Object> info = info(t);
                info.put("tokenid", t.id);
                tokens.add(info);
              });
          row.put("tokens", tokens);
          row.put("groups", String.join(",", user.groups));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private Access.User known(Call call) {
    String id = call.need("userid");
    Access.User user = access.users.get(id);
    if (user == null) {
      throw ApiError.died("no such user ('" + id + "')");
    }
    return user;
  }

  private Object addUser(Call call) {
    String id = call.need("userid");
    if (access.users.containsKey(id)) {
      throw ApiError.died("create user failed: user '" + id + "' already exists");
    }
    set(call, access.addUser(id));
    return Json.NULL;
  }

  private void set(Call call, Access.User user) {
    call.get("password").ifPresent(p -> user.password = p);
    call.get("enable").ifPresent(e -> user.enabled = e.equals("1"));
    call.get("expire").ifPresent(e -> user.expires = Long.parseLong(e));
    call.get("comment").ifPresent(c -> user.comment = c);
    call.get("groups")
        .ifPresent(list -> {
          user.groups.clear();
          user.groups.addAll(List.of(list.split("[,;\\s]+")));
        });
  }

  private Object user(Call call) {
    Access.User user = known(call);
    Map<String, Object> tokens = new TreeMap<>();
    user.tokens.values().forEach(t -> tokens.put(t.id, info(t)));
    return Json.object(
        "enable",
        user.enabled ? 1 : 0,
        "expire",
        user.expires,
        "comment",
        user.comment,
        "groups",
        List.copyOf(user.groups),
        "tokens",
        tokens);
  }

  private Object changeUser(Call call) {
    set(call, known(call));
    return Json.NULL;
  }

  private Object removeUser(Call call) {
    Access.User user = known(call);
    access.users.remove(user.id);
    access.acl.removeIf(e -> e.who().equals(user.id) || e.who().startsWith(user.id + "!"));
    return Json.NULL;
  }

  // --- tokens -------------------------------------------------------------------------------

  private static Map<String, Object> info(Access.Token token) {
    Map<String, Object> info =
        Json.object("expire", token.expires, "privsep", token.separated ? 1 : 0);
    if (!token.comment.isEmpty()) {
      info.put("comment", token.comment);
    }
    return info;
  }

  private Object tokens(Call call) {
    List<Object> rows = new ArrayList<>();
    known(call)
        .tokens
        .values()
        .forEach(token -> {
          Map<String, Object> row = info(token);
          row.put("tokenid", token.id);
          rows.add(row);
        });
    return rows;
  }

  private Access.Token token(Call call) {
    String id = call.need("tokenid");
    Access.Token token = known(call).tokens.get(id);
    if (token == null) {
      throw ApiError.died("no such token '%s' for user '%s'".formatted(id, call.need("userid")));
    }
    return token;
  }

  private void set(Call call, Access.Token token) {
    call.get("privsep").ifPresent(p -> token.separated = p.equals("1"));
    call.get("expire").ifPresent(e -> token.expires = Long.parseLong(e));
    call.get("comment").ifPresent(c -> token.comment = c);
  }

  private Object addToken(Call call) {
    Access.User user = known(call);
    String id = call.need("tokenid");
    if (user.tokens.containsKey(id)) {
      throw ApiError.parameter("tokenid", "Token already exists.");
    }
    Access.Token token = access.addToken(user.id, id, true, 0);
    set(call, token);
    return Json.object(
        "full-tokenid", user.id + "!" + id, "value", token.secret, "info", info(token));
  }

  private Object changeToken(Call call) {
    Access.Token token = token(call);
    set(call, token);
    return info(token);
  }

  private Object removeToken(Call call) {
    Access.Token token = token(call);
    Access.User user = known(call);
    user.tokens.remove(token.id);
    access.acl.removeIf(e -> e.who().equals(user.id + "!" + token.id));
    return Json.NULL;
  }

  // --- roles --------------------------------------------------------------------------------

  private Object roles() {
    List<Object> rows = new ArrayList<>();
    access.roles.forEach((name, privileges) ->
        rows.add(
            Json.object(
                "roleid",
                name,
                "privs",
                String.join(",", privileges),
                "special",
                access.builtInRoles.contains(name) ? 1 : 0)));
    return rows;
  }

  private Set<String> knownRole(Call call) {
    Set<String> privileges = access.roles.get(call.need("roleid"));
    if (privileges == null) {
      throw ApiError.died("role '" + call.need("roleid") + "' does not exist");
    }
    return privileges;
  }

  private Object role(Call call) {
    Map<String, Object> privileges = new TreeMap<>();
    knownRole(call).forEach(p -> privileges.put(p, 1));
    return privileges;
  }

  private Set<String> privileges(Call call) {
    Set<String> wanted = new TreeSet<>(List.of(call.get("privs").orElse("").split("[,;\\s]+")));
    wanted.remove("");
    for (String privilege : wanted) {
      if (!access.privileges.contains(privilege)) {
        throw ApiError.died("invalid privilege '" + privilege + "'");
      }
    }
    return wanted;
  }

  private Object addRole(Call call) {
    String id = call.need("roleid");
    if (access.roles.containsKey(id)) {
      throw ApiError.died("role '" + id + "' already exists");
    }
    access.roles.put(id, privileges(call));
    return Json.NULL;
  }

  private void refuseBuiltIn(Call call) {
    if (access.builtInRoles.contains(call.need("roleid"))) {
      throw ApiError.died("auto-generated role '" + call.need("roleid") + "' cannot be modified");
    }
  }

  private Object changeRole(Call call) {
    Set<String> before = knownRole(call);
    refuseBuiltIn(call);
    Set<String> wanted = privileges(call);
    if (call.flag("append")) {
      wanted.addAll(before);
    }
    access.roles.put(call.need("roleid"), wanted);
    return Json.NULL;
  }

  private Object removeRole(Call call) {
    knownRole(call);
    refuseBuiltIn(call);
    access.roles.remove(call.need("roleid"));
    return Json.NULL;
  }

  // --- access control lists -----------------------------------------------------------------

  private Object acl(Call call) {
    List<Object> rows = new ArrayList<>();
    boolean auditor = call.may("/access", "Sys.Audit");
    for (Access.Entry entry : access.acl) {
      if (auditor || call.may(entry.path(), "Permissions.Modify")) {
        rows.add(
            Json.object(
                "path",
                entry.path(),
                "type",
                entry.kind(),
                "ugid",
                entry.who(),
                "roleid",
                entry.role(),
                "propagate",
                entry.propagate() ? 1 : 0));
      }
    }
    return rows;
  }

  private Object changeAcl(Call call) {
    String path = call.need("path");
    boolean propagate = call.get("propagate").map("1"::equals).orElse(true);
    Map<String, String> kinds = Map.of("users", "user", "groups", "group", "tokens", "token");
    for (String role : call.need("roles").split("[,;\\s]+")) {
      if (!access.roles.containsKey(role)) {
        throw ApiError.died("role '" + role + "' does not exist");
      }
      kinds.forEach((parameter, kind) ->
          call.get(parameter)
              .ifPresent(list -> {
                for (String who : list.split("[,;\\s]+")) {
                  if (call.flag("delete")) {
                    access.acl.removeIf(
                        e -> e.path().equals(path) && e.who().equals(who) && e.role().equals(role));
                  } else {
                    access.grant(path, kind, who, role, propagate);
                  }
                }
              }));
    }
    return Json.NULL;
  }
}
