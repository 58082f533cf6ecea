package dev.pvebot.bot.chat;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.runbooks.engine.journal.ThreadLog;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keeps operations in their threads on a platform that makes a thread of its first message. The
/// bot says `op-42` for the thread of operation 42; here that becomes the platform's thread below
/// the operation's head card, which is posted first where there is none.
final class OperationThreads implements ChatPlatform {
  private static final Pattern NAME = Pattern.compile("op-(\\d{1,18})");

  private final ChatPlatform platform;
  private final ThreadLog threads;
  private final Function<String, Optional<ChatPlatform>> others;

  /// @param others every platform by name, for the head cards that stand elsewhere
  OperationThreads(
      ChatPlatform platform, ThreadLog threads, Function<String, Optional<ChatPlatform>> others) {
    this.platform = platform;
    this.threads = threads;
    this.others = others;
  }

  /// Where somebody spoke, in the bot's words: the platform's thread of an operation is `op-N`.
  static Conversation spoken(Conversation where, ThreadLog threads) {
    return where
        .thread()
        .flatMap(id ->
            threads.operationAt(
                new Posted(
                    new Conversation(where.platform(), where.channel(), Optional.empty()), id)))
        .map(operation -> where.inThread("op-" + operation))
        .orElse(where);
  }

  private static Optional<Long> operation(Conversation where) {
    return where
        .thread()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .map(name -> Long.parseLong(name.group(1)));
  }

  private static boolean isWhole(Card card, long operation) {
    return Long.valueOf(operation).equals(card.facts().get("operation"))
        && card.facts().containsKey("intent");
  }

  @Override
  public Posted post(Conversation where, Card card) {
    Optional<Long> named = operation(where);
    if (named.isEmpty()) {
      return platform.post(where, card);
    }
    long operation = named.get();
    synchronized (threads) { // two cards may not both begin the thread
      Optional<Posted> head = threads.head(operation, name());
      if (head.isPresent()) {
        return below(head.get(), operation, card);
      }
      Conversation channel = new Conversation(name(), where.channel(), Optional.empty());
      if (isWhole(card, operation)) {
        return begin(channel, operation, card);
      }
      Posted begun =
          begin(
              channel,
              operation,
              new Card(
                  "progress",
                  Card.Tone.NEUTRAL,
                  "Operation " + operation,
                  java.util.List.of(),
                  java.util.List.of(),
                  Map.of("operation", operation)));
      return platform.post(begun.thread(), card);
    }
  }

  private Posted begin(Conversation channel, long operation, Card head) {
    Posted posted = platform.open(channel, "op-" + operation, head);
    threads.head(operation, posted);
    return posted;
  }

  /// A plan that asks for the next consent takes the place of the one that asked for the last, on
  /// every platform, so that no old button lives on; the thread is told what is asked.
  private Posted below(Posted head, long operation, Card card) {
    if (!isWhole(card, operation) || !card.kind().equals("plan")) {
      return platform.post(head.thread(), card);
    }
    for (Posted each : threads.heads(operation)) {
      others.apply(each.where().platform()).ifPresent(other -> other.edit(each, card));
    }
    card.body().stream()
        .filter(Card.Text.class::isInstance)
        .map(block -> ((Card.Text) block).text())
        .filter(text -> text.startsWith("Needs") || text.startsWith("Waiting"))
        .findFirst()
        .ifPresent(
            asked -> platform.post(head.thread(), Card.of("notice", Card.Tone.NEUTRAL, asked, "")));
    return head;
  }

  @Override
  public Posted open(Conversation where, String topic, Card head) {
    return platform.open(where, topic, head);
  }

  @Override
  public void whisper(Conversation where, String speaker, Card card) {
    Conversation place =
        operation(where)
            .map(operation ->
                threads
                    .head(operation, name())
                    .map(Posted::thread)
                    .orElse(new Conversation(name(), where.channel(), Optional.empty())))
            .orElse(where);
    platform.whisper(place, speaker, card);
  }

  @Override
  public String name() {
    return platform.name();
  }

  @Override
  public void start(Inbox inbox) {
    platform.start(inbox);
  }

  @Override
  public void edit(Posted posted, Card card) {
    platform.edit(posted, card);
  }

  @Override
  public Health health() {
    return platform.health();
  }

  @Override
  public void close() {
    platform.close();
  }
}
