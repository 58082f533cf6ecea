package dev.pvebot.bot.redaction;

import dev.pvebot.bot.local.Answer;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.runbooks.action.Actions;
import dev.pvebot.runbooks.action.Tasks;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Puts the redactor at every door of the program: what comes in from systems before it is
/// journaled, and what goes out to people.
///
/// | door | guarded by |
/// |---|---|
/// | words of actions and tasks, which the journal keeps | [#actions], [#tasks] |
/// | what people say, which journal and audit keep | [#heard] |
/// | cards on every platform | [#platform] |
/// | answers on the local socket, `--json` and exports | [#answers] |
/// | log lines with their stack traces | [dev.pvebot.bot.log.RedactingEncoder] |
public final class Discretion {
  private final UnaryOperator<String> redact;
  private final CleanCards cards;

  /// @param redact takes secrets out of a text
  public Discretion(UnaryOperator<String> redact) {
    this.redact = redact;
    this.cards = new CleanCards(redact);
  }

  /// The same actions, whose failures, remarks and observations are clean.
  public Actions actions(Actions actions) {
    return CleanAction.all(actions, redact);
  }

  /// The same waiting; the ends of tasks with their log lines are clean.
  public Tasks tasks(Tasks tasks) {
    return (task, timeout, remark) -> {
      Tasks.End end = tasks.await(task, timeout, text -> remark.accept(redact.apply(text)));
      List<String> log = end.logTail().stream().map(redact).toList();
      return new Tasks.End(end.outcome(), redact.apply(end.status()), end.retryable(), log);
    };
  }

  /// What somebody said. Who pastes a secret into a chat has told it to the chat; at least it goes
  /// no further.
  public String heard(String text) {
    return redact.apply(text);
  }

  /// A card for a page that no [ChatPlatform] call shows.
  public Card card(Card card) {
    return cards.clean(card);
  }

  /// The same platform, shown only clean cards.
  public ChatPlatform platform(ChatPlatform platform) {
    return new Clean(platform, cards);
  }

  /// Takes only clean answers.
  public Consumer<Answer> answers(Consumer<Answer> answers) {
    return answer ->
        answers.accept(
            switch (answer) {
              case Answer.Shown(ChatPlatform.Posted posted, Card card, boolean edit) ->
                  new Answer.Shown(posted, cards.clean(card), edit);
              case Answer.Line(String text) -> new Answer.Line(redact.apply(text));
              case Answer.End end -> end;
            });
  }

  private record Clean(ChatPlatform platform, CleanCards cards) implements ChatPlatform {
    @Override
    public String name() {
      return platform.name();
    }

    @Override
    public Posted post(Conversation where, Card card) {
      return platform.post(where, cards.clean(card));
    }

    @Override
    public void start(Inbox inbox) {
      platform.start(inbox);
    }

    @Override
    public Posted open(Conversation where, String topic, Card head) {
      return platform.open(where, topic, cards.clean(head));
    }

    @Override
    public void whisper(Conversation where, String speaker, Card card) {
      platform.whisper(where, speaker, cards.clean(card));
    }

    @Override
    public Health health() {
      return platform.health();
    }

    @Override
    public void edit(Posted posted, Card card) {
      platform.edit(posted, cards.clean(card));
    }

    @Override
    public void close() {
      platform.close();
    }
  }
}
