package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.time.LabClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// A lock with places and a queue: PVE's flock files (shared users take one place, an exclusive one
/// takes all) and the slots of storages and nodes. Guarded by the datacenter's monitor.
final class LockLine {
  static final int UNBOUNDED = Integer.MAX_VALUE / 2;

  /// Runs something later, inside the datacenter's monitor.
  interface Alarm {
    LabClock.Timer after(Duration delay, Runnable what);
  }

  private record Waiter(int places, Runnable granted, Optional<LabClock.Timer> deadline) {}

  private final int capacity;
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int taken;

  LockLine(int capacity) {
    this.capacity = capacity;
  }

  boolean isBusy(boolean exclusive) {
    return !waiting.isEmpty() || taken + (exclusive ? capacity : 1) > capacity;
  }

  /// Runs `granted` at once or when it is its turn.
  void take(boolean exclusive, Runnable granted) {
    enqueue(new Waiter(exclusive ? capacity : 1, granted, Optional.empty()));
  }

  /// Runs `granted` at once or when it is its turn, or `tooLate` after `patience`.
  void take(boolean exclusive, Alarm alarm, Duration patience, Runnable granted, Runnable tooLate) {
    int places = exclusive ? capacity : 1;
    if (!isBusy(exclusive)) {
      enqueue(new Waiter(places, granted, Optional.empty()));
      return;
    }
    Waiter[] self = new Waiter[1];
    LabClock.Timer deadline =
        alarm.after(
            patience,
            () -> {
              if (waiting.remove(self[0])) {
                tooLate.run();
                serve();
              }
            });
    self[0] = new Waiter(places, granted, Optional.of(deadline));
    enqueue(self[0]);
  }

  private void enqueue(Waiter waiter) {
    waiting.addLast(waiter);
    serve();
  }

  void release(boolean exclusive) {
    taken -= exclusive ? capacity : 1;
    serve();
  }

  private void serve() {
    while (true) {
      Waiter head = waiting.peekFirst();
      if (head == null || taken + head.places > capacity) {
        return;
      }
      waiting.removeFirst();
      taken += head.places;
      head.deadline.ifPresent(LabClock.Timer::cancel);
      head.granted.run();
    }
  }
}
