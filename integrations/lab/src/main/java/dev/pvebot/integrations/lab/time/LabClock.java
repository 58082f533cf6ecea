package dev.pvebot.integrations.lab.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;

/// The time of a lab. It starts at the wall's time and either runs `speed` times as fast as the
/// wall or, when stepped, stands still until [#advance] moves it.
///
/// What the lab does later hangs on [#after]: events run one after another in the order of their
/// due times, and inside an event [#now] is the due time, so a chain of events does not drift.
public final class LabClock implements AutoCloseable {
  /// Something that will happen; cancelling what has happened does nothing.
  public interface Timer {
    void cancel();
  }

  private final class Event implements Timer {
    private final Instant due;
    private final long order;
    private final Runnable what;

    private Event(Instant due, long order, Runnable what) {
      this.due = due;
      this.order = order;
      this.what = what;
    }

    @Override
    public void cancel() {
      synchronized (queue) {
        queue.remove(this);
      }
    }
  }

  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(
          Comparator.comparing((Event e) -> e.due).thenComparingLong((Event e) -> e.order));
  private final Instant origin;
  private final long wallOriginNanos = System.nanoTime();
  private final double speed;
  private final Optional<Thread> runner;
  private final ThreadLocal<Optional<Instant>> insideEvent =
      ThreadLocal.withInitial(Optional::empty);
  private final AtomicReference<Instant> stepped;
  private long orders;
  private volatile boolean closed;

  private LabClock(Instant origin, double speed, boolean stepping) {
    this.origin = origin;
    this.speed = speed;
    this.stepped = new AtomicReference<>(origin);
    this.runner =
        stepping
            ? Optional.empty()
            : Optional.of(Thread.ofPlatform().daemon().name("lab-clock").unstarted(this::run));
  }

  /// A clock that runs `speed` times as fast as the wall; `speed` must be above zero.
  public static LabClock running(double speed, Instant origin) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("The lab's speed is " + speed + "; it must be above 0.");
    }
    LabClock clock = new LabClock(origin, speed, false);
    clock.runner.ifPresent(Thread::start);
    return clock;
  }

  /// A clock that moves only when [#advance] is called.
  public static LabClock stepped(Instant origin) {
    return new LabClock(origin, 1, true);
  }

  public boolean isStepped() {
    return runner.isEmpty();
  }

  /// How many seconds of lab time pass in a second of the wall; 1 for a stepped clock.
  public double speed() {
    return speed;
  }

  public Instant now() {
    Optional<Instant> inside = insideEvent.get();
    if (inside.isPresent()) {
      return inside.get();
    }
    return isStepped() ? stepped.get() : running();
  }

  private Instant running() {
    return origin.plusNanos((long) ((System.nanoTime() - wallOriginNanos) * speed));
  }

  /// How long `lab` lasts on the wall; zero for a stepped clock.
  public Duration onTheWall(Duration lab) {
    return isStepped() ? Duration.ZERO : Duration.ofNanos((long) (lab.toNanos() / speed));
  }

  public Timer after(Duration delay, Runnable what) {
    synchronized (queue) {
      Event event = new Event(now().plus(delay), orders++, what);
      queue.add(event);
      queue.notifyAll();
      return event;
    }
  }

  /// Moves a stepped clock, running what falls due on the way, in order.
  public synchronized void advance(Duration by) {
    if (!isStepped()) {
      throw new IllegalStateException(
          "This lab's clock runs by itself; only a stepped one (LabConfig.stepped()) is advanced.");
    }
    Instant target = stepped.get().plus(by);
    for (Optional<Event> next = due(target); next.isPresent(); next = due(target)) {
      Event event = next.get();
      stepped.set(event.due);
      event.what.run();
    }
    stepped.set(target);
  }

  private Optional<Event> due(Instant target) {
    synchronized (queue) {
      Event head = queue.peek();
      return head == null || head.due.isAfter(target)
          ? Optional.empty()
          : Optional.ofNullable(queue.poll());
    }
  }

  private void run() {
    while (!closed) {
      try {
        Event event = take();
        insideEvent.set(Optional.of(event.due));
        try {
          event.what.run();
        } finally {
          insideEvent.set(Optional.empty());
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        Thread.currentThread().getThreadGroup().uncaughtException(Thread.currentThread(), e);
      }
    }
  }

  private Event take() throws InterruptedException {
    synchronized (queue) {
      while (true) {
        Event head = queue.peek();
        if (head == null) {
          queue.wait();
          continue;
        }
        long labNanos = Duration.between(running(), head.due).toNanos();
        if (labNanos <= 0) {
          queue.remove(head);
          return head;
        }
        long wallNanos = (long) (labNanos / speed);
        queue.wait(wallNanos / 1_000_000, (int) (wallNanos % 1_000_000));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    runner.ifPresent(Thread::interrupt);
    synchronized (queue) {
      queue.clear();
    }
  }
}
