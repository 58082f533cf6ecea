package dev.pvebot.integrations.pve.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pvebot.clusters.fleet.Fleet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FleetCacheTest {
  private final AtomicInteger readings = new AtomicInteger();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-31T10:00:00Z"));

  private Fleet empty() {
    return new Fleet(now.get(), true, true, "9.1.4", List.of(), List.of(), List.of());
  }

  private FleetCache counting() {
    return new FleetCache(
        () -> {
          readings.incrementAndGet();
          return empty();
        },
        now::get);
  }

  @Test
  void cached_isReadAgain_onlyWhenItIsTooOld() throws Exception {
    FleetCache cache = counting();
    cache.cached(Duration.ofSeconds(5));
    now.updateAndGet(time -> time.plusSeconds(5));
    cache.cached(Duration.ofSeconds(5));
    assertThat(readings).hasValue(1);
    now.updateAndGet(time -> time.plusSeconds(1));
    assertThat(cache.cached(Duration.ofSeconds(5)).seenAt()).isEqualTo(now.get());
    assertThat(readings).hasValue(2);
  }

  @Test
  void fresh_isNeverAnOldReading() throws Exception {
    FleetCache cache = counting();
    cache.fresh();
    cache.fresh();
    assertThat(readings).hasValue(2);
  }

  @Test
  void manyWhoAskDuringAReading_shareTheNextOne() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    FleetCache cache =
        new FleetCache(
            () -> {
              if (readings.incrementAndGet() == 1) {
                gate.await();
              }
              return empty();
            },
            now::get);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Fleet>> asked = new ArrayList<>();
      asked.add(threads.submit(cache::fresh));
      await().until(() -> readings.get() == 1);
      CountDownLatch begun = new CountDownLatch(50);
      for (int i = 0; i < 50; i++) {
        asked.add(
            threads.submit(() -> {
              begun.countDown();
              return cache.fresh();
            }));
      }
      begun.await();
      gate.countDown();
      for (Future<Fleet> each : asked) {
        each.get();
      }
    }
    assertThat(readings.get()).isBetween(2, 4);
  }

  @Test
  void failure_isToldToWhoAsked_andNotRemembered() throws Exception {
    FleetCache cache =
        new FleetCache(
            () -> {
              if (readings.incrementAndGet() == 1) {
                throw new IllegalStateException("away");
              }
              return empty();
            },
            now::get);
    assertThatThrownBy(cache::fresh).isInstanceOf(IllegalStateException.class).hasMessage("away");
    assertThat(cache.newest()).isEmpty();
    assertThat(cache.fresh().version()).isEqualTo("9.1.4");
  }
}
