package dev.pvebot.bot.profiles;

import dev.pvebot.bot.profiles.ProfileActions.Place;
import dev.pvebot.commands.Risk;
import dev.pvebot.runbooks.action.Action;
import dev.pvebot.runbooks.action.Traits;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// What all actions on profiles have in common: they work on files of ours, so that they are done
/// within a minute, take no privilege of Proxmox VE, and nothing settles afterwards.
abstract class ProfileAction<I extends Record, O extends Record> implements Action<I, O> {
  private final String name;
  private final Risk risk;
  private final Class<I> inputs;
  private final Class<O> outputs;
  private final Supplier<Place> place;

  ProfileAction(String name, Risk risk, Class<I> inputs, Class<O> outputs, Supplier<Place> place) {
    this.name = name;
    this.risk = risk;
    this.inputs = inputs;
    this.outputs = outputs;
    this.place = place;
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
    return new Traits(risk, List.of(), Duration.ofMinutes(1), Duration.ZERO);
  }

  /// @throws IllegalStateException for an action that is only declared
  final Place place() {
    return place.get();
  }

  static String why(UncheckedIOException e) {
    return String.valueOf(e.getCause());
  }
}
