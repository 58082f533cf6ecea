package dev.pvebot.integrations.lab.pve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A rule of the schema for who may call an endpoint: `perm(/vms/{vmid}: VM.Audit)`, `and(…)`,
/// `or(…)`, `user:all`, and what PVE's user administration adds.
sealed interface PermissionRule {
  record Anybody() implements PermissionRule {}

  record RootOnly() implements PermissionRule {}

  record Perm(String path, List<String> privileges, boolean any, String requires)
      implements PermissionRule {}

  record All(List<PermissionRule> rules) implements PermissionRule {}

  record Any(List<PermissionRule> rules) implements PermissionRule {}

  /// The user that the call names is the caller.
  record Self() implements PermissionRule {}

  /// Some path is the caller's to grant.
  record MayModify(String path) implements PermissionRule {}

  static PermissionRule parse(String text) {
    int note = text.indexOf("; note:");
    return expression((note < 0 ? text : text.substring(0, note)).strip());
  }

  private static PermissionRule expression(String text) {
    if (text.isEmpty()) {
      return new RootOnly();
    }
    if (text.startsWith("user:")) {
      return new Anybody();
    }
    int open = text.indexOf('(');
    String name = open < 0 ? text : text.substring(0, open);
    String inside = open < 0 ? "" : text.substring(open + 1, text.lastIndexOf(')'));
    return switch (name) {
      case "and" -> new All(parts(inside));
      case "or" -> new Any(parts(inside));
      case "perm" -> perm(inside);
      case "perm-modify" -> new MayModify(inside);
      case "userid-param" ->
          inside.equals("self") ? new Self() : new Perm("/access/realm", List.of(inside), true, "");
      case "userid-group" -> {
        String bare = inside.replaceAll(",.*$", "");
        int audit = bare.indexOf("(");
        List<String> privileges = new ArrayList<>(List.of("User.Modify"));
        if (audit >= 0 && bare.contains("Sys.Audit")) {
          privileges.add("Sys.Audit");
        }
        yield new Perm("/access/groups", privileges, true, "");
      }
      default -> throw new IllegalStateException("The lab cannot read PVE's rule '" + text + "'");
    };
  }

  private static Perm perm(String inside) {
    int colon = inside.indexOf(':');
    String path = inside.substring(0, colon).strip();
    String rest = inside.substring(colon + 1).strip();
    boolean any = false;
    String requires = "";
    List<String> privileges = new ArrayList<>();
    for (String word : rest.split("\\s+")) {
      if (word.equals("any=1")) {
        any = true;
      } else if (word.startsWith("require_param=")) {
        requires = word.substring("require_param=".length());
      } else if (!word.equals("&")) {
        privileges.add(word);
      }
    }
    return new Perm(path, privileges, any, requires);
  }

  private static List<PermissionRule> parts(String inside) {
    List<PermissionRule> rules = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= inside.length(); i++) {
      char c = i == inside.length() ? ',' : inside.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        rules.add(expression(inside.substring(from, i).strip()));
        from = i + 1;
      }
    }
    return rules;
  }

  /// @throws ApiError 403 with PVE's text
  static void enforce(
      PermissionRule rule, Access access, Access.Principal who, Map<String, Object> parameters) {
    switch (rule) {
      case Anybody _ -> {}
      case RootOnly _ -> {
        if (!who.isRoot()) {
          throw ApiError.forbidden("user != root@pam");
        }
      }
      case Self _ -> {
        if (!who.user().equals(parameters.get("userid"))) {
          throw ApiError.forbidden("");
        }
      }
      case MayModify modify -> {
        String path = fill(modify.path, parameters);
        String more =
            path.startsWith("/storage")
                ? "Datastore.Allocate"
                : path.startsWith("/vms")
                    ? "VM.Allocate"
                    : path.startsWith("/pool") ? "Pool.Allocate" : "Permissions.Modify";
        if (!access.has(who, path, "Permissions.Modify") && !access.has(who, path, more)) {
          throw ApiError.forbidden(path + ", Permissions.Modify");
        }
      }
      case Perm perm -> {
        if (!perm.requires.isEmpty() && !parameters.containsKey(perm.requires)) {
          throw ApiError.forbidden("");
        }
        require(access, who, fill(perm.path, parameters), perm.privileges, perm.any);
      }
      case All all -> all.rules.forEach(each -> enforce(each, access, who, parameters));
      case Any any -> {
        for (PermissionRule each : any.rules) {
          try {
            enforce(each, access, who, parameters);
            return;
          } catch (ApiError _) {
            // The next alternative may hold; if none does, the bare text below is PVE's answer.
            continue;
          }
        }
        throw ApiError.forbidden("");
      }
    }
  }

  static void require(
      Access access, Access.Principal who, String path, List<String> privileges, boolean any) {
    if (any) {
      if (privileges.stream().noneMatch(p -> access.has(who, path, p))) {
        throw ApiError.forbidden(path + ", " + String.join("|", privileges));
      }
      return;
    }
    for (String privilege : privileges) {
      if (!access.has(who, path, privilege)) {
        throw ApiError.forbidden(path + ", " + privilege);
      }
    }
  }

  private static String fill(String path, Map<String, Object> parameters) {
    String filled = path;
    for (Map.Entry<String, Object> entry : parameters.entrySet()) {
      filled = filled.replace("{" + entry.getKey() + "}", String.valueOf(entry.getValue()));
    }
    return filled.replaceAll("\\{[^}]*}", "");
  }
}
