package dev.pvebot.integrations.pve.action;

import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Traits;

/// What an action says of itself.
abstract class PveAction<I extends Record, O extends Record> implements Action<I, O> {
  final Reach reach;
  final OwnTasks ownTasks;
  private final String name;
  private final Class<I> inputs;
  private final Class<O> outputs;
  private final Traits traits;

  PveAction(Reach reach, String name, Class<I> inputs, Class<O> outputs, Traits traits) {
    this.reach = reach;
    this.ownTasks = new OwnTasks(reach);
    this.name = name;
    this.inputs = inputs;
    this.outputs = outputs;
    this.traits = traits;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Class<I> inputs() {
    return inputs;
  }

  @Override
  public final Class<O> outputs() {
    return outputs;
  }

  @Override
  public final Traits traits() {
    return traits;
  }
}
