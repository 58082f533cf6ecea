package dev.pvebot.bot.chat;

import dev.pvebot.bot.config.ChatConfig;
import dev.pvebot.bot.gate.GateDesk;
import dev.pvebot.bot.people.Rights;
import dev.pvebot.bot.progress.ThreadTeller;
import dev.pvebot.bot.redaction.Discretion;
import dev.pvebot.bot.router.Replier;
import dev.pvebot.bot.router.Router;
import dev.pvebot.commands.Catalog;
import dev.pvebot.commands.Completion;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.commands.chat.Person;
import dev.pvebot.commands.chat.Speaker;
import dev.pvebot.runbooks.engine.journal.Journal;
import dev.pvebot.runbooks.engine.journal.JournalUnavailable;
import dev.pvebot.runbooks.engine.journal.Leases;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import dev.pvebot.runbooks.operation.Operation;
import dev.pvebot.runbooks.operation.OperationState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what is said on chat platforms: to the people of the identity map, once a message, in
/// the place where it was said. A refusal goes to the one who asked and nobody else.
public final class ChatDesk implements Inbox {
  private static final Logger log = LoggerFactory.getLogger(ChatDesk.class);

  /// Longer than any platform delivers a message again.
  private static final Duration REMEMBER = Duration.ofHours(24);

  private static final int CATCH_UP = 100;
  private static final int MOST_ON_A_PAGE = 8;

  /// What survives of it: which messages came, where operations stand.
  public record Memory(Journal journal, ThreadLog threads, Leases leases) {}

  private final ChatConfig config;
  private final Rights rights;
  private final Chats chats;
  private final Router router;
  private final Memory memory;
  private final ThreadTeller teller;
  private final Supplier<Catalog> catalog;
  private final Discretion discretion;
  private final InstantSource clock;

  public ChatDesk(
      ChatConfig config,
      Rights rights,
      Chats chats,
      Router router,
      Memory memory,
      ThreadTeller teller,
      Supplier<Catalog> catalog,
      Discretion discretion,
      InstantSource clock) {
    this.config = config;
    this.rights = rights;
    this.chats = chats;
    this.router = router;
    this.memory = memory;
    this.teller = teller;
    this.catalog = catalog;
    this.discretion = discretion;
    this.clock = clock;
  }

  @Override
  public void heard(Message message) {
    Optional<ChatPlatform> platform = chats.named(message.where().platform());
    if (platform.isEmpty()) {
      return;
    }
    try {
      if (message.addressed()
          && memory.threads().firstTime(platform.get().name(), message.id(), clock.instant())) {
        memory.threads().forgetMessages(clock.instant().minus(REMEMBER));
        answer(message, platform.get());
      }
    } catch (JournalUnavailable unavailable) {
      // a guard that cannot be asked says no
      log.warn("refused a message because the store cannot be asked: {}", unavailable.getMessage());
      whisper(
          platform.get(),
          message,
          Card.of(
              "failure",
              Card.Tone.BAD,
              "The journal cannot be asked, so nothing is done",
              "Say it again when `./pvebot check` finds the store well."));
    } catch (ChatUnavailable away) {
      log.warn("an answer did not arrive: {}", away.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Message message, ChatPlatform platform) throws InterruptedException {
    Optional<Card> refusal = refusal(message);
    if (refusal.isPresent()) {
      whisper(platform, message, refusal.get());
      return;
    }
    Person person = person(message.speaker()).orElseThrow();
    String text =
        switch (message.content()) {
          case Message.Text(String said) -> said;
          case Message.Press(String command, Optional<String> input) ->
              command + input.map(words -> " " + words).orElse("");
        };
    Conversation where = OperationThreads.spoken(message.where(), memory.threads());
    router.handle(discretion.heard(text), person, where, replier(message, platform));
  }

  private Optional<Card> refusal(Message message) {
    Speaker speaker = message.speaker();
    return switch (speaker.standing()) {
      case GUEST, STRANGER, BOT ->
          Optional.of(
              refused(
                  "I work for members of this workspace only",
                  "Guests, people of other organisations and bots may ask a member."));
      case UNKNOWN ->
          Optional.of(
              refused(
                  "I could not look up who you are, so nothing was done",
                  "Say it again in a minute."));
      case MEMBER -> {
        if (person(speaker).isEmpty()) {
          yield Optional.of(unknown(speaker));
        }
        yield config.worksIn(message.where().platform(), message.where().channel())
            ? Optional.empty()
            : Optional.of(
                refused(
                    "I do not work in this channel",
                    "pvebot.yaml names the channels in which I do; a direct message works too."));
      }
    };
  }

  private Card unknown(Speaker speaker) {
    List<String> keepers =
        rights.people().keySet().stream()
            .filter(person -> rights.highestAsk(person).isPresent())
            .map(Person::id)
            .sorted()
            .limit(3)
            .toList();
    return refused(
        "I do not know you yet, %s".formatted(speaker.name()),
        "Ask whoever keeps pvebot.yaml%s to add `%s: %s` to your entry under `people`."
            .formatted(
                keepers.isEmpty() ? "" : " (" + String.join(", ", keepers) + " know)",
                speaker.platform(),
                speaker.id()));
  }

  private static Card refused(String title, String text) {
    return Card.of("refusal", Card.Tone.WARNING, title, text);
  }

  private Optional<Person> person(Speaker speaker) {
    return config.person(speaker.platform(), speaker.id()).filter(rights::knows);
  }

  private Replier replier(Message message, ChatPlatform platform) {
    return (where, card) -> {
      if (card.kind().equals("refusal")) {
        platform.whisper(where, message.speaker().id(), card);
        return new Posted(where, "whispered");
      }
      Posted posted = platform.post(where, card);
      follow(posted, card);
      return posted;
    };
  }

  /// A card of an operation from elsewhere is edited like its head from now on.
  private void follow(Posted posted, Card card) {
    if (card.facts().get("operation") instanceof Long operation
        && card.facts().containsKey("intent")
        && memory.threads().head(operation, posted.where().platform()).isEmpty()) {
      memory.threads().head(operation, posted);
    }
  }

  private static void whisper(ChatPlatform platform, Message message, Card card) {
    try {
      platform.whisper(message.where(), message.speaker().id(), card);
    } catch (ChatUnavailable away) {
      log.warn("a refusal did not arrive: {}", away.getMessage());
    }
  }

  @Override
  public List<Suggestion> suggest(Speaker speaker, String typed, int most) {
    if (speaker.standing() != Speaker.Standing.MEMBER || person(speaker).isEmpty()) {
      return List.of();
    }
    return Completion.complete(typed, catalog.get(), Completion.Live.NONE).stream()
        .limit(most)
        .map(candidate -> new Suggestion(candidate.text(), candidate.note()))
        .toList();
  }

  @Override
  public List<Card> home(Speaker speaker) {
    Optional<Person> person =
        speaker.standing() == Speaker.Standing.MEMBER ? person(speaker) : Optional.empty();
    if (person.isEmpty()) {
      return List.of(
          speaker.standing() == Speaker.Standing.MEMBER
              ? unknown(speaker)
              : refused("I work for members of this workspace only", ""));
    }
    try {
      return page(person.get()).stream().map(discretion::card).toList();
    } catch (JournalUnavailable unavailable) {
      log.warn("no Home page, for the store cannot be asked: {}", unavailable.getMessage());
      return List.of(Card.of("failure", Card.Tone.BAD, "The journal cannot be asked", ""));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private List<Card> page(Person person) throws InterruptedException {
    List<Operation> open = memory.journal().operations(Journal.Filter.open());
    List<Operation> waiting =
        open.stream()
            .filter(op -> op.state() == OperationState.AWAITING_APPROVAL)
            .filter(op -> waitsFor(op, person))
            .limit(MOST_ON_A_PAGE)
            .toList();
    List<Operation> running =
        open.stream()
            .filter(op ->
                EnumSet.of(OperationState.QUEUED, OperationState.RUNNING, OperationState.PAUSED)
                    .contains(op.state()))
            .limit(MOST_ON_A_PAGE)
            .toList();
    List<Card> cards = new ArrayList<>();
    cards.add(headline(waiting.size(), "waits for you", "Nothing waits for you"));
    for (Operation operation : waiting) {
      cards.addAll(shown(operation, person));
    }
    cards.add(headline(running.size(), "under way", "Nothing is under way"));
    for (Operation operation : running) {
      cards.addAll(shown(operation, person));
    }
    return cards;
  }

  private boolean waitsFor(Operation operation, Person person) {
    return operation.requestedBy().equals(person)
        || rights.mayApprove(person, operation.plan().risk(), GateDesk.target(operation.plan()));
  }

  private static Card headline(int count, String what, String none) {
    return Card.of(
        "answer", Card.Tone.NEUTRAL, count == 0 ? none : "%d %s".formatted(count, what), "");
  }

  /// The card that `op show` gives: what a page shows is what a channel shows.
  private List<Card> shown(Operation operation, Person person) throws InterruptedException {
    List<Card> cards = new ArrayList<>();
    Conversation nowhere = new Conversation("home", person.id(), Optional.empty());
    router.handle(
        "op show " + operation.id(),
        person,
        nowhere,
        (where, card) -> {
          cards.add(card);
          return new Posted(where, "home");
        });
    return cards;
  }

  @Override
  public void connected(ChatPlatform platform) {
    try {
      memory.journal().operations(Journal.Filter.open()).forEach(this::tell);
      memory.journal().operations(Journal.Filter.all(CATCH_UP)).stream()
          .filter(operation -> operation.state().isFinal())
          .forEach(this::tell);
    } catch (JournalUnavailable unavailable) {
      log.warn("what was missed cannot be told yet: {}", unavailable.getMessage());
    }
  }

  private void tell(Operation operation) {
    if (!operation.where().platform().equals("console")) {
      teller.catchUp(operation);
    }
  }

  @Override
  public boolean lease(String name, Duration length) {
    try {
      return memory.leases().take(name, length);
    } catch (JournalUnavailable unavailable) {
      log.warn("no lease, for the store cannot be asked: {}", unavailable.getMessage());
      return false;
    }
  }
}
