package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Numbers the buttons of the cards on the screen, and knows what a number means when it is typed.
///
/// The danger is a number that changes its meaning between reading and Enter. So a number means one
/// button at a time; a card that waits (a plan, an approval, progress) keeps its numbers until its
/// buttons go; other cards give theirs up to the next card that answers or asks. A number whose
/// button went away rests, and is given to no other before the person has entered a line; only the
/// numbers of a card that is older than the last line are free at once, if nothing has been typed
/// since.
final class Choices {
  /// @param where the conversation of the card
  /// @param title of the card, for what is said about a dead choice
  record Choice(Conversation where, Button button, String title) {}

  sealed interface Pick {
    record Pressed(Choice choice) implements Pick {}

    /// The number was on the screen, but its button is gone.
    record Gone(Choice choice) implements Pick {}

    record NotAChoice() implements Pick {}
  }

  private record Live(List<Integer> numbers, boolean waits, long postedAt) {}

  private static final Set<String> WAITING_KINDS = Set.of("plan", "approval", "progress");
  private static final Pattern NUMBER = Pattern.compile("\\[?([1-9][0-9]{0,2})]?");

  /// More waiting cards than this are not on the screen any more.
  private static final int MOST_WAITING = 9;

  private final Map<String, Live> cards = new LinkedHashMap<>();
  private final Map<Integer, Choice> live = new TreeMap<>();
  private final Map<Integer, Choice> gone = new TreeMap<>();
  private final Set<Integer> resting = new HashSet<>();
  private long entered;

  /// Numbers the buttons of a card that is posted or edited.
  ///
  /// @param typing whether the person has begun a line
  ButtonText.Numbered show(Posted posted, Card card, boolean typing) {
    Live before = cards.remove(posted.id());
    boolean waits = WAITING_KINDS.contains(card.kind());
    if (before == null && card.kind().equals("question")) {
      gone.clear(); // the answer may be a number
    }
    if (before == null && !card.kind().equals("progress") && !card.buttons().isEmpty()) {
      retirePassing(typing);
    }
    var kept = new TreeMap<Integer, Choice>();
    if (before != null) {
      before.numbers().forEach(n -> kept.put(n, live.remove(n)));
    }
    var numbers = new ArrayList<Integer>();
    int next = before == null ? run(card.buttons().size()) : 1;
    for (Button button : card.buttons()) {
      Optional<Integer> old =
          kept.entrySet().stream()
              .filter(e -> e.getValue().button().command().equals(button.command()))
              .map(Map.Entry::getKey)
              .findFirst();
      old.ifPresent(kept::remove);
      int number = old.isPresent() ? old.get() : free(next, kept.keySet());
      next = number + 1;
      live.put(number, new Choice(posted.where(), button, card.title()));
      gone.remove(number);
      numbers.add(number);
    }
    kept.forEach(this::rest);
    if (!numbers.isEmpty()) {
      cards.put(
          posted.id(), new Live(numbers, waits, before == null ? entered : before.postedAt()));
    }
    retireForgotten();
    return new ButtonText.Numbered(numbers);
  }

  /// What an entered line picks.
  Pick enter(String line) {
    Pick pick = pick(line);
    resting.clear();
    entered++;
    return pick;
  }

  private Pick pick(String line) {
    var matcher = NUMBER.matcher(line.strip());
    if (!matcher.matches()) {
      return new Pick.NotAChoice();
    }
    int number = Integer.parseInt(matcher.group(1));
    if (live.containsKey(number)) {
      return new Pick.Pressed(live.get(number));
    }
    return gone.containsKey(number) ? new Pick.Gone(gone.get(number)) : new Pick.NotAChoice();
  }

  /// Where that many free numbers stand in a row.
  private int run(int length) {
    int start = 1;
    for (int number = start; number < start + length; number++) {
      if (live.containsKey(number) || resting.contains(number)) {
        start = number + 1;
      }
    }
    return start;
  }

  private int free(int from, Set<Integer> kept) {
    int number = from;
    while (live.containsKey(number) || resting.contains(number) || kept.contains(number)) {
      number++;
    }
    return number;
  }

  private void retirePassing(boolean typing) {
    List<String> passing =
        cards.entrySet().stream()
            .filter(e -> !e.getValue().waits())
            .map(Map.Entry::getKey)
            .toList();
    passing.forEach(id -> retire(id, typing));
  }

  private void retireForgotten() {
    List<String> waiting =
        cards.entrySet().stream()
            .filter(e -> e.getValue().waits())
            .sorted(Comparator.comparingLong(e -> e.getValue().postedAt()))
            .map(Map.Entry::getKey)
            .toList();
    waiting.stream()
        .limit(Math.max(0, waiting.size() - MOST_WAITING))
        .forEach(id -> retire(id, true));
  }

  private void retire(String id, boolean typing) {
    Live card = cards.remove(id);
    if (card == null) {
      return;
    }
    for (int number : card.numbers()) {
      Choice choice = live.remove(number);
      if (choice != null) {
        gone.put(number, choice);
        if (typing || card.postedAt() == entered) {
          resting.add(number);
        }
      }
    }
  }

  private void rest(int number, Choice choice) {
    gone.put(number, choice);
    resting.add(number);
  }
}
