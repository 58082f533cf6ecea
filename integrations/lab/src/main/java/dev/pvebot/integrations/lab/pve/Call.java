package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.schema.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One call that passed authentication, the endpoint's rule and the schema.
///
/// @param node the node that answers it; the one that was asked where the path names none
/// @param parameters strings, or lists of strings
record Call(
    Datacenter datacenter,
    Endpoint endpoint,
    String entryNode,
    String node,
    Access.Principal who,
    Map<String, Object> parameters) {

  Optional<String> get(String name) {
    Object value = parameters.get(name);
    return value == null ? Optional.empty() : Optional.of(value.toString());
  }

  String need(String name) {
    return get(name)
        .orElseThrow(() -> ApiError.parameter(name, "property is missing and it is not optional"));
  }

  int number(String name) {
    return Integer.parseInt(need(name));
  }

  boolean flag(String name) {
    return get(name).filter("1"::equals).isPresent();
  }

  int vmid() {
    return number("vmid");
  }

  void require(String path, String... privileges) {
    PermissionRule.require(datacenter.access, who, path, List.of(privileges), false);
  }

  void requireAny(String path, String... privileges) {
    PermissionRule.require(datacenter.access, who, path, List.of(privileges), true);
  }

  boolean may(String path, String privilege) {
    return datacenter.access.has(who, path, privilege);
  }

  /// PVE's guard of options that only the literal root@pam may use.
  void refuseUnlessRoot(String... options) {
    for (String option : options) {
      if (parameters.containsKey(option) && !who.isRoot()) {
        throw ApiError.parameter(option, "Only root may use this option.");
      }
    }
  }

  Task task(String type, String id, java.util.function.Consumer<Task> work) {
    return datacenter.tasks.spawn(node, type, id, who.authId(), work);
  }
}
