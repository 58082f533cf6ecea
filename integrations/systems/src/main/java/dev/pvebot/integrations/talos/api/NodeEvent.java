package dev.pvebot.integrations.talos.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pvebot.integrations.talos.wire.machine.Event;
import dev.pvebot.integrations.talos.wire.machine.MachineStatusEvent;
import dev.pvebot.integrations.talos.wire.machine.PhaseEvent;
import dev.pvebot.integrations.talos.wire.machine.SequenceEvent;
import dev.pvebot.integrations.talos.wire.machine.ServiceStateEvent;
import dev.pvebot.integrations.talos.wire.machine.TaskEvent;
import java.util.Locale;
import java.util.Optional;

/// Something that happens on a node.
public sealed interface NodeEvent {
  /// The id that the order which caused it was answered with; empty for what a node does by itself.
  String actor();

  /// @param error why it ended; empty when it ended well or has not ended
  record Sequence(String actor, String name, boolean ended, Optional<String> error)
      implements NodeEvent {}

  record Phase(String actor, String name, boolean ended) implements NodeEvent {}

  record Task(String actor, String name, boolean ended) implements NodeEvent {}

  record ServiceState(String actor, String service, String state, String message)
      implements NodeEvent {}

  /// @param stage `running`, `booting`, `upgrading`, …
  record Stage(String actor, String stage, boolean ready) implements NodeEvent {}

  /// Empty for the greeting at the start of a stream and for what is of no use here. The types are
  /// told apart by what comes after the last slash: Talos packs them as `talos/runtime/machine.X`.
  static Optional<NodeEvent> read(Event event) {
    String type = event.getData().getTypeUrl().replaceFirst("^.*/", "");
    String actor = event.getActorId();
    return switch (type) {
      case "machine.SequenceEvent" ->
          unpack(event, SequenceEvent.parser())
              .map(it ->
                  new Sequence(
                      actor,
                      it.getSequence(),
                      it.getAction() != SequenceEvent.Action.START,
                      it.hasError() ? Optional.of(it.getError().getMessage()) : Optional.empty()));
      case "machine.PhaseEvent" ->
          unpack(event, PhaseEvent.parser())
              .map(it -> new Phase(actor, it.getPhase(), it.getAction() == PhaseEvent.Action.STOP));
      case "machine.TaskEvent" ->
          unpack(event, TaskEvent.parser())
              .map(it -> new Task(actor, it.getTask(), it.getAction() == TaskEvent.Action.STOP));
      case "machine.ServiceStateEvent" ->
          unpack(event, ServiceStateEvent.parser())
              .map(it ->
                  new ServiceState(
                      actor,
                      it.getService(),
                      it.getAction().name().toLowerCase(Locale.ROOT),
                      it.getMessage()));
      case "machine.MachineStatusEvent" ->
          unpack(event, MachineStatusEvent.parser())
              .map(it ->
                  new Stage(
                      actor,
                      it.getStage().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                      it.getStatus().getReady()));
      default -> Optional.empty();
    };
  }

  private static <T extends Message> Optional<T> unpack(
      Event event, com.google.protobuf.Parser<T> parser) {
    try {
      return Optional.of(parser.parseFrom(event.getData().getValue()));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional
          .empty(); // of a Talos that has changed it: one remark less, nothing is decided by it
    }
  }
}
