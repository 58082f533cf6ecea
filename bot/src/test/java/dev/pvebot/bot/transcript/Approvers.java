package dev.pvebot.bot.transcript;

import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.StoreSettings;
import dev.pvebot.bot.gate.Freezes;
import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.bot.local.LocalClient;
import dev.pvebot.bot.local.WireJson;
import dev.pvebot.bot.people.Zones;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.integrations.secrets.Redactor;
import dev.pvebot.integrations.secrets.SecretResolver;
import dev.pvebot.integrations.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// A process in which many people approve the same operation at the same moment: over the local
/// socket where the journal is a file, at a gate desk of its own where it is a server.
///
/// Arguments: `pvebot.yaml`, the operation, the first and the last number of the people `p…`. Says
/// `ready`, waits for a line, then prints a line for each person: `p7 0 …` or `p7 4 …`.
final class Approvers {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Stage.START.plus(Duration.ofMinutes(1)));

  private Approvers() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    BotConfig config = Stage.config(Path.of(args[0]));
    long operation = Long.parseLong(args[1]);
    if (config.store().url().startsWith("jdbc:sqlite:")) {
      LocalClient client = new LocalClient(config.socket(), WireJson.mapper());
      race(args, person -> overTheSocket(client, operation, person));
      return;
    }
    Path folder = config.file().resolveSibling(".").normalize();
    SecretResolver secrets =
        new SecretResolver(folder, System.getenv(), Duration.ofSeconds(20), new Redactor());
    try (Store store = Store.open(StoreSettings.of(config, secrets), Store.Role.BESIDE, CLOCK)) {
      GateDesk desk =
          new GateDesk(
              store.journal(),
              store.approvals(),
              store.audit(),
              new GateDesk.Rules(
                  config.rights(),
                  new Freezes(List.of(), config.zone(), _ -> Optional.empty(), CLOCK),
                  Duration.ofMinutes(15)),
              new Zones(config.zone(), Map.of(), CLOCK),
              CLOCK,
              _ -> {});
      race(args, person -> atTheDesk(store, desk, operation, person));
    }
  }

  private static String overTheSocket(LocalClient client, long operation, String person) {
    StringBuilder said = new StringBuilder();
    Call call =
        new Call(
            "say", "approve " + operation, Optional.of(person), "infra", Optional.empty(), false);
    try {
      Optional<Integer> exit =
          client.call(
              call,
              answer -> {
                if (answer instanceof Answer.Shown shown) {
                  said.append(shown.card().title());
                }
              });
      return "%d %s".formatted(exit.orElseThrow(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String atTheDesk(Store store, GateDesk desk, long operation, String person) {
    return switch (desk.approve(
        store.journal().operation(operation).orElseThrow(),
        new Person(person),
        Optional.empty(),
        Optional.empty(),
        Optional.empty())) {
      case GateDesk.Result.Released _ -> "0 goes ahead";
      case GateDesk.Result.Refused(String why) -> "4 " + why;
      case GateDesk.Result.StillOpen _, GateDesk.Result.Denied _ -> "1 neither";
    };
  }

  private static void race(String[] args, Function<String, String> approve)
      throws IOException, InterruptedException {
    int first = Integer.parseInt(args[2]);
    int last = Integer.parseInt(args[3]);
    CountDownLatch start = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    List<Thread> people =
        java.util.stream.IntStream.rangeClosed(first, last)
            .mapToObj(number -> "p" + number)
            .map(person ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        start.await();
                        lines.add(person + " " + approve.apply(person));
                      } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                      }
                    }))
            .toList();
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IOException("nobody said go");
    }
    start.countDown();
    for (Thread person : people) {
      person.join();
    }
    lines.forEach(System.out::println);
  }
}
