package dev.pvebot.integrations.lab.talos;

import java.time.Duration;

/// The replies of one machine API that were handed over and have not yet left: a machine that goes
/// down by what it was asked lets them go first.
final class Leaving {
  private int replies;

  synchronized void begun() {
    replies++;
  }

  synchronized void ended() {
    replies--;
    notifyAll();
  }

  /// Waits until none is left, at most this long on the wall.
  synchronized void await(Duration longest) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (replies > 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
