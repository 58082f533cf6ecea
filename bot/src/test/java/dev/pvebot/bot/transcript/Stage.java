package dev.pvebot.bot.transcript;

import dev.pvebot.bot.Bot;
import dev.pvebot.bot.config.BotConfig;
import dev.pvebot.bot.config.BotConfigReader;
import dev.pvebot.bot.local.Answer;
import dev.pvebot.bot.local.Call;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.clusters.site.SiteReader;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.integrations.lab.Lab;
import dev.pvebot.integrations.lab.LabServer;
import dev.pvebot.integrations.lab.config.LabConfig;
import dev.pvebot.integrations.store.Store;
import dev.pvebot.integrations.store.StoreConfig;
import dev.pvebot.runbooks.operation.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.revwalk.RevCommit;

/// The bot on a lab of its own, its journal in a file, its clock at a Monday's 14:01 UTC.
///
/// Besides the lab's own clusters there is `lab-tools` (dev), whose VM `tool01` (1061 on pve01)
/// exists and is stopped.
final class Stage implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-02T14:01:00Z");

  /// A card that was posted without anybody waiting for it.
  record Shown(Posted posted, Card card) {}

  private final Path folder;
  private final Lab lab;
  private final PveHand hand;
  private final MovableClock clock = new MovableClock(START);
  private final List<Shown> posts = new ArrayList<>();
  private final Map<Long, Card> heads = new HashMap<>();
  private final Store beside;
  private Bot bot;

  private Stage(
      Path folder, Lab lab, PveHand hand, List<String> settings, Optional<StoreConfig> server)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.lab = lab;
    this.hand = hand;
    Files.writeString(
        folder.resolve("site/lab-tools.yaml"),
        """
        name: lab-tools
        type: generic
        environment: dev
        aliases: [tools]
        nodes:
          machines:
            count: 1
            cores: 2
            memory: 2048
            disk: 20G
            assignments: [{name: tool01, node: pve01, vmid: 1061}]
        template: 102
        tags: [cloudinit, lab-tools]
        """);
    hand.pve("POST /nodes/pve01/qemu vmid=1061 name=tool01 tags=cloudinit;lab-tools memory=2048");
    configure(settings);
    this.bot = open();
    this.beside =
        Store.open(
            server.orElseGet(() -> StoreConfig.sqlite(folder.resolve("pvebot.db"))),
            Store.Role.BESIDE,
            clock);
  }

  /// Lines that begin with `=` replace the line with their key, others come at the end.
  private void configure(List<String> settings) throws IOException {
    Path file = folder.resolve("pvebot.yaml");
    String text = Files.readString(file);
    for (String line : settings) {
      if (line.startsWith("=")) {
        String entry = line.substring(1).strip();
        String key = entry.substring(0, entry.indexOf(':') + 1);
        text = text.replaceFirst("(?m)^( *)" + key + ".*$", "$1" + entry);
      } else {
        text += line + "\n";
      }
    }
    Files.writeString(file, text);
  }

  static Stage set(Path folder, List<String> settings) throws IOException, InterruptedException {
    return set(folder, settings, Optional.empty());
  }

  /// @param server where the settings keep the journal, if it is no file
  static Stage set(Path folder, List<String> settings, Optional<StoreConfig> server)
      throws IOException, InterruptedException {
    Lab lab = LabServer.start(LabConfig.isolated().startingAt(START).withSpeed(100), folder);
    PveHand hand = new PveHand(lab);
    try {
      return new Stage(folder, lab, hand, settings, server);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      hand.close();
      lab.close();
      throw failed;
    }
  }

  private Bot open() throws InterruptedException {
    Bot opened = Bot.open(config(), site(), clock);
    opened
        .hub()
        .attachToAll((posted, card, edit) -> {
          synchronized (posts) {
            if (!edit) {
              posts.add(new Shown(posted, card));
            } else if (card.facts().get("operation") instanceof Long id) {
              heads.put(id, card);
            }
          }
        });
    opened.start();
    return opened;
  }

  BotConfig config() {
    return config(folder.resolve("pvebot.yaml"));
  }

  static BotConfig config(Path file) {
    return switch (BotConfigReader.read(file)) {
      case BotConfigReader.Result.Read(BotConfig config) -> config;
      case BotConfigReader.Result.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  private Site site() {
    return switch (new SiteReader(folder).read(folder.resolve("site"))) {
      case SiteReader.Result.Loaded(List<Site> sites) -> sites.getFirst();
      case SiteReader.Result.Refused(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  /// Stops the bot in an orderly way and starts another on the same files.
  void restart() throws InterruptedException {
    bot.close();
    bot = open();
  }

  Bot bot() {
    return bot;
  }

  PveHand hand() {
    return hand;
  }

  MovableClock clock() {
    return clock;
  }

  /// Changes a file of the site past the bot.
  void editByHand(String file, UnaryOperator<String> change) throws IOException {
    Path path = folder.resolve("site").resolve(file);
    Files.writeString(path, change.apply(Files.readString(path)));
  }

  /// Puts the site's folder under git, with one commit.
  void repository() throws IOException {
    try (Git git =
        Git.init().setDirectory(folder.resolve("site").toFile()).setInitialBranch("main").call()) {
      git.add().addFilepattern(".").call();
      git.commit().setMessage("The site").setAuthor("eve", "eve@example.org").setSign(false).call();
    } catch (GitAPIException failure) {
      throw new IOException(failure);
    }
  }

  /// The newest commit of the site's folder, as `git log` tells it.
  String newestCommit() throws IOException {
    try (Git git = Git.open(folder.resolve("site").toFile())) {
      RevCommit commit = git.log().setMaxCount(1).call().iterator().next();
      return "author %s, committer %s\n%s"
          .formatted(
              commit.getAuthorIdent().getName(),
              commit.getCommitterIdent().getName(),
              commit.getFullMessage().strip());
    } catch (GitAPIException failure) {
      throw new IOException(failure);
    }
  }

  /// The newest task of a type and id.
  String upid(String type, String id) {
    return lab.cluster().tasks().stream()
        .filter(task -> task.type().equals(type) && task.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no task %s of %s".formatted(type, id)))
        .upid();
  }

  String subnet() {
    return lab.config().subnet();
  }

  /// @return the cards of the answer, and the exit code last
  List<Answer> say(Call call) throws InterruptedException {
    List<Answer> answers = new ArrayList<>();
    int exit = bot.call(call, "nobody", answers::add);
    answers.add(new Answer.End(exit));
    return answers;
  }

  Optional<Operation> operation(long id) {
    return beside.journal().operation(id);
  }

  /// Whether everything that happened to the operation was told, and its head shows its state.
  boolean isTold(Operation operation) {
    long last =
        beside.journal().events(operation.id(), 0).stream()
            .mapToLong(event -> event.seq())
            .max()
            .orElse(0);
    return beside
                .threads()
                .told(operation.id(), dev.pvebot.bot.progress.ThreadTeller.thread(operation))
                .posted()
            >= last
        && head(operation.id())
            .filter(card -> operation.state().words().equals(card.facts().get("state")))
            .isPresent();
  }

  /// The head card as it was edited last.
  Optional<Card> head(long operation) {
    synchronized (posts) {
      return Optional.ofNullable(heads.get(operation));
    }
  }

  /// Takes the posts of one conversation, up to the first that is `last`.
  ///
  /// @return empty when none is
  Optional<List<Shown>> take(Predicate<Shown> here, Predicate<Shown> last) {
    synchronized (posts) {
      List<Shown> taken = new ArrayList<>();
      for (Shown post : posts) {
        if (here.test(post)) {
          taken.add(post);
          if (last.test(post)) {
            posts.removeAll(taken);
            return Optional.of(taken);
          }
        }
      }
      return Optional.empty();
    }
  }

  /// Takes all posts of one conversation that have come.
  List<Shown> takeAll(Predicate<Shown> here) {
    synchronized (posts) {
      List<Shown> taken = posts.stream().filter(here).toList();
      posts.removeAll(taken);
      return taken;
    }
  }

  @Override
  public void close() {
    beside.close();
    bot.close();
    hand.close();
    lab.close();
  }

  /// How long anything may take before the play is given up.
  static final Duration PATIENCE = Duration.ofSeconds(60);
}
