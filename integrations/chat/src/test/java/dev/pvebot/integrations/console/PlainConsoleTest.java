package dev.pvebot.integrations.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.chat.Button;
import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.Card.Tone;
import dev.pvebot.commands.chat.ChatPlatform.Posted;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Message;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainConsoleTest {
  private static final Conversation INFRA = new Conversation("console", "#infra", Optional.empty());
  private static final Conversation THREAD = INFRA.inThread("op-42");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-03-01T16:28:00Z");

  /// The second conversation of the samples: a cluster is created, somebody asks in between, a plan
  /// is refused.
  @ParameterizedTest
  @ValueSource(ints = {80, 40})
  void conversation_readsAsInItsGoldenFile(int width) {
    var console = new ConsolePlatform(plain("", width), seat(Seat.Switching.ALLOWED));

    var heard = new ArrayList<Message>();
    console.enter("spin up staging", heard::add);
    Posted plan = console.post(INFRA, SampleCards.plan());
    console.enter("1", heard::add);
    console.edit(plan, withoutButtons(SampleCards.plan()));
    Posted head = console.post(INFRA, SampleCards.progress("0:05", "0 of 3", "..", "", ""));
    wait(Duration.ofSeconds(1));
    console.edit(head, SampleCards.progress("0:06", "0 of 3", "..", "", ""));
    wait(Duration.ofSeconds(15));
    console.edit(head, SampleCards.progress("0:21", "1 of 3", "..", "", ""));
    console.post(
        THREAD, line("2:48  machines are up: 1051 10.0.0.51, 1052 10.0.0.52, 1053 10.0.0.53"));
    console.edit(head, SampleCards.progress("2:48", "3 of 3", "ok", "..", "0:00"));
    console.enter("/in #oncall", heard::add);
    console.enter("as bob: status staging", heard::add);
    console.post(new Conversation("console", "#oncall", Optional.empty()), SampleCards.status());
    console.post(
        THREAD, line("5:31  etcd healthy, 3 members; kubeconfig stored as admin@talos-staging"));
    console.post(THREAD, line("5:57  Flux reconciled"));
    console.edit(head, SampleCards.result());
    console.enter("/in #infra", heard::add);
    console.enter("as bob: tear down production", heard::add);
    Posted danger = console.post(INFRA, SampleCards.danger());
    console.enter("as bob: 1", heard::add);
    console.enter("talos-productoin", heard::add);
    console.post(
        new Conversation("console", "@bob", Optional.empty()),
        line("You asked for it, so someone else must approve."));
    console.edit(
        danger,
        new Card(
            "plan",
            Tone.NEUTRAL,
            "Plan 57 denied by carol at 16:51: not before the audit is through. Nothing was done.",
            List.of(),
            List.of(),
            Map.of()));
    Golden.check("conversation." + width + ".txt", printed());
  }

  @Test
  void edit_thatChangesNothing_printsNothing() {
    var console = new ConsolePlatform(plain("", 80), seat(Seat.Switching.FIXED));
    Posted posted = console.post(INFRA, SampleCards.plan());
    String before = printed();
    console.edit(posted, SampleCards.plan());
    assertThat(printed()).isEqualTo(before);
  }

  @Test
  void edit_ofACardFromBeforeTheRestart_isShownWhole() {
    var console = new ConsolePlatform(plain("", 80), seat(Seat.Switching.FIXED));
    console.edit(new Posted(INFRA, "earlier-7"), SampleCards.result());
    assertThat(printed()).contains("done in 5:57", "3 nodes ready");
  }

  @Test
  void withoutInput_buttonsSayTheirCommands() {
    var dress = new PlainDress(stream(), Optional.empty(), 80, Colours.NONE, () -> now);
    new ConsolePlatform(dress, seat(Seat.Switching.FIXED)).post(INFRA, SampleCards.plan());
    assertThat(printed()).contains("Confirm: approve 42 7c1e90").doesNotContain("[1]");
  }

  @Test
  void lines_becomeMessagesOfWhoSaysThem() {
    assertThat(
            heard(
                "status staging\n"
                    + "as bob: approve 42\n"
                    + "/as carol\n"
                    + "vm list\n"
                    + "/in #oncall\n"
                    + "vm list\n\n"
                    + "quit\n"
                    + "never\n"))
        .extracting(m -> m.speaker().id() + " " + m.where().channel() + " " + words(m))
        .containsExactly(
            "alice #infra status staging",
            "bob #infra approve 42",
            "carol #infra vm list",
            "carol #oncall vm list");
  }

  @Test
  void messages_haveIdsOfTheirOwn() {
    assertThat(heard("a\nb\na\n"))
        .extracting(Message::id)
        .containsExactly("s-said-1", "s-said-2", "s-said-3");
    assertThat(heard("a\n")).allMatch(Message::addressed);
  }

  @Test
  void anotherName_isRefused_whereItIsNoDemo() {
    var console =
        new ConsolePlatform(
            plain("as bob: approve 42\n/as bob\nvm list\n", 80), seat(Seat.Switching.FIXED));
    var heard = new ArrayList<Message>();
    console.listen(heard::add);
    assertThat(heard).extracting(m -> m.speaker().id()).containsExactly("alice");
    assertThat(printed()).contains("You are alice here");
  }

  @Test
  void number_pressesTheButtonInItsConversation() {
    var console = new ConsolePlatform(plain("2\n", 80), seat(Seat.Switching.FIXED));
    console.post(THREAD, SampleCards.plan());
    var heard = new ArrayList<Message>();
    console.listen(heard::add);
    assertThat(heard)
        .extracting(Message::content)
        .containsExactly(new Message.Press("op show 42 --steps", Optional.empty()));
    assertThat(heard).extracting(Message::where).containsExactly(THREAD);
  }

  @Test
  void buttonWithAForm_asksItsQuestionFirst() {
    var console =
        new ConsolePlatform(
            plain("as bob: 1\ntalos-productoin\n", 80), seat(Seat.Switching.ALLOWED));
    console.post(INFRA, SampleCards.danger());
    var heard = new ArrayList<Message>();
    console.listen(heard::add);
    assertThat(heard)
        .extracting(Message::content)
        .containsExactly(
            new Message.Press("approve 57 b81f22 --name", Optional.of("talos-productoin")));
    assertThat(heard).extracting(m -> m.speaker().id()).containsExactly("bob");
    assertThat(printed()).contains("Name of the cluster to tear down");
  }

  @Test
  void deadButton_saysSoAndDoesNothing() {
    var console = new ConsolePlatform(plain("1\n", 80), seat(Seat.Switching.FIXED));
    Posted plan = console.post(INFRA, SampleCards.plan());
    console.edit(plan, withoutButtons(SampleCards.plan()));
    var heard = new ArrayList<Message>();
    console.listen(heard::add);
    assertThat(heard).isEmpty();
    assertThat(printed()).contains("Confirm is not offered any more", "Nothing was done");
  }

  @Test
  void angleBracket_speaksInTheThreadShownLast() {
    var console = new ConsolePlatform(plain("> why\n", 80), seat(Seat.Switching.FIXED));
    console.post(THREAD, line("waiting for pve02"));
    var heard = new ArrayList<Message>();
    console.listen(heard::add);
    assertThat(heard).extracting(Message::where).containsExactly(THREAD);
    assertThat(heard).extracting(PlainConsoleTest::words).containsExactly("why");
  }

  @Test
  void json_isOneLineACard_andOneAnEditThatChangedSomething() {
    var dress = new JsonDress(stream(), Optional.empty());
    var console = new ConsolePlatform(dress, seat(Seat.Switching.FIXED));
    Posted plan = console.post(INFRA, SampleCards.plan());
    console.edit(plan, SampleCards.plan());
    console.edit(plan, withoutButtons(SampleCards.plan()));
    console.post(THREAD, SampleCards.failure());
    console.post(INFRA, SampleCards.danger());
    console.post(INFRA, SampleCards.status());
    console.post(INFRA, SampleCards.hostile());
    Golden.check("cards.json", printed());
    assertThat(printed().codePoints().filter(c -> c != '\n').noneMatch(Character::isISOControl))
        .isTrue();
  }

  private List<Message> heard(String input) {
    var heard = new ArrayList<Message>();
    new ConsolePlatform(plain(input, 80), seat(Seat.Switching.ALLOWED)).listen(heard::add);
    return heard;
  }

  private static String words(Message message) {
    return switch (message.content()) {
      case Message.Text text -> text.text();
      case Message.Press press -> "[" + press.command() + "]";
    };
  }

  private static Card line(String text) {
    return Card.of("notice", Tone.NEUTRAL, text, "");
  }

  private static Card withoutButtons(Card card) {
    return new Card(
        card.kind(), card.tone(), card.title(), card.body(), List.<Button>of(), card.facts());
  }

  private void wait(Duration time) {
    now = now.plus(time);
  }

  private static Seat seat(Seat.Switching switching) {
    return new Seat("s", "alice", "#infra", switching);
  }

  private PlainDress plain(String input, int width) {
    return new PlainDress(
        stream(),
        Optional.of(new BufferedReader(new StringReader(input))),
        width,
        Colours.NONE,
        () -> now);
  }

  private PrintStream stream() {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
