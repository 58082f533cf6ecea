package dev.pvebot.bot.answers;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Upid;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.commands.Command;
import java.util.List;
import java.util.Optional;

/// What was said with a command, by its kind.
public final class Said {
  private Said() {}

  public static Optional<String> text(Command command, String arg) {
    return Optional.ofNullable(command.args().get(arg)).map(Object::toString);
  }

  public static Optional<NodeName> node(Command command) {
    return text(command, "node").map(NodeName::new);
  }

  /// The guests that `vm` names, in the order in which they were said.
  public static List<Vmid> vms(Command command) {
    return command.args().get("vm") instanceof List<?> list
        ? list.stream()
            .filter(Integer.class::isInstance)
            .map(number -> new Vmid((Integer) number))
            .toList()
        : List.of();
  }

  public static Optional<Vmid> vm(Command command) {
    return vms(command).stream().findFirst();
  }

  public static Optional<Long> number(Command command, String arg) {
    return command.args().get(arg) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  /// Empty when it is none.
  public static Optional<Upid> upid(Command command) {
    return text(command, "upid").filter(Upid::isUpid).map(Upid::new);
  }
}
