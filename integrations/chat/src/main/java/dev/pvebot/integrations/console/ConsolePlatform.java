package dev.pvebot.integrations.console;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.commands.chat.Speaker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One console: shows what is posted, and takes lines.
///
/// A line is handed on as it is, but for these: a number on the screen presses that button, `>
/// text` speaks in the thread that was shown last, `/in #channel` changes the channel, `/quit`
/// leaves; where switching is allowed, `as bob: text` says one line as somebody else and `/as bob`
/// all that follow.
public final class ConsolePlatform implements ChatPlatform {
  /// The name in conversations and in the identity map.
  public static final String NAME = "console";

  private static final String PERSON = "([a-z0-9][a-z0-9._-]{0,62})";
  private static final Pattern AS_ONCE =
      Pattern.compile("/?as " + PERSON + ":\\s*(\\S.*)", Pattern.DOTALL);
  private static final Pattern AS_FROM_NOW = Pattern.compile("/as " + PERSON);
  private static final Pattern IN_CHANNEL =
      Pattern.compile("/in ([#@]?[\\w.-]{1,80})", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern IN_THREAD = Pattern.compile(">\\s*(\\S.*)", Pattern.DOTALL);
  private static final Pattern LEAVE = Pattern.compile("/?(quit|exit)");

  /// Cards that an edit can still find.
  private static final int REMEMBERED = 500;

  private record Form(Choices.Choice choice, String question, String speaker) {}

  private final Dress dress;
  private final Seat seat;
  private final InstantSource clock;
  private final Choices choices = new Choices();
  private final Map<String, Card> cards =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Card> eldest) {
          return size() > REMEMBERED;
        }
      };
  private long posts;
  private long messages;
  private String speaker;
  private String channel;
  private Optional<Conversation> lastThread = Optional.empty();
  private Optional<Form> form = Optional.empty();
  private volatile Optional<Instant> listeningSince = Optional.empty();
  private volatile Optional<Instant> lastHeard = Optional.empty();

  public ConsolePlatform(Dress dress, Seat seat) {
    this(dress, seat, InstantSource.system());
  }

  public ConsolePlatform(Dress dress, Seat seat, InstantSource clock) {
    this.dress = dress;
    this.seat = seat;
    this.clock = clock;
    this.speaker = seat.speaker();
    this.channel = seat.channel();
  }

  @Override
  public String name() {
    return NAME;
  }

  /// Takes lines on a thread of its own until the person leaves.
  @Override
  public void start(Inbox inbox) {
    listeningSince = Optional.of(clock.instant());
    Thread.ofVirtual()
        .name("console-" + seat.session())
        .start(() -> {
          try {
            listen(inbox::heard);
          } finally {
            listeningSince = Optional.empty();
          }
        });
    inbox.connected(this);
  }

  @Override
  public Health health() {
    return new Health(listeningSince, lastHeard, Optional.empty());
  }

  @Override
  public Posted open(Conversation where, String topic, Card head) {
    return post(where.thread().isPresent() ? where : where.inThread(topic), head);
  }

  @Override
  public void whisper(Conversation where, String speaker, Card card) {
    post(new Conversation(NAME, "@" + speaker, Optional.empty()), card);
  }

  @Override
  public Posted post(Conversation where, Card card) {
    Posted posted;
    synchronized (this) {
      posted = new Posted(where, seat.session() + "-" + ++posts);
    }
    show(posted, card, false);
    return posted;
  }

  @Override
  public void edit(Posted posted, Card card) {
    show(posted, card, true);
  }

  /// Shows a card that has its place already. An edit of a card that this console has not seen is
  /// shown whole.
  public synchronized void show(Posted posted, Card card, boolean edit) {
    Optional<Card> before = Optional.ofNullable(cards.put(posted.id(), card));
    ButtonText.Numbered numbers = choices.show(posted, card, dress.typing());
    if (posted.where().thread().isPresent()) {
      lastThread = Optional.of(posted.where());
    }
    dress.show(new Shown(posted, card, place(posted.where()), before, edit, numbers));
  }

  /// Hands on what the person says until they leave. Blocks; call it on a thread of its own.
  ///
  /// @param hear called one message at a time on this thread; the next line is asked for when it
  ///   returns
  public void listen(Consumer<Message> hear) {
    boolean interrupted = false;
    while (true) {
      switch (ask()) {
        case Heard.Left _ -> {
          return;
        }
        case Heard.Interrupted(String line) -> {
          boolean meansTheLine = asking() || !line.isBlank();
          if (interrupted && !meansTheLine) {
            return;
          }
          interrupted = true;
          dropForm();
          if (!meansTheLine) {
            dress.note("Ctrl-C again leaves, as does Ctrl-D.");
          }
        }
        case Heard.Said said -> {
          interrupted = false;
          if (LEAVE.matcher(said.line().strip()).matches() && !asking()) {
            return;
          }
          enter(said.line(), hear);
        }
      }
    }
  }

  /// Takes a line as if the person had typed it; for scripts.
  ///
  /// @param hear is called before this returns if the line says something to the bot
  public void enter(String line, Consumer<Message> hear) {
    message(line).ifPresent(hear);
  }

  private Heard ask() {
    String who;
    String where;
    Optional<String> question;
    synchronized (this) {
      who = form.map(Form::speaker).orElse(speaker);
      where = place(new Conversation(NAME, channel, Optional.empty()));
      question = form.map(Form::question);
    }
    return dress.read(who, where, question);
  }

  private synchronized boolean asking() {
    return form.isPresent();
  }

  private synchronized void dropForm() {
    form = Optional.empty();
  }

  /// What a line means; empty if it was for the console itself.
  private synchronized Optional<Message> message(String line) {
    if (form.isPresent()) {
      Form filled = form.get();
      form = Optional.empty();
      choices.enter("");
      Optional<String> answer = Optional.of(line.strip()).filter(a -> !a.isEmpty());
      return Optional.of(press(filled.choice(), filled.speaker(), answer));
    }
    String text = line.strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher asOnce = AS_ONCE.matcher(text);
    if (asOnce.matches()) {
      return maySwitch() ? said(asOnce.group(1), asOnce.group(2).strip()) : Optional.empty();
    }
    Matcher asFromNow = AS_FROM_NOW.matcher(text);
    if (asFromNow.matches()) {
      if (maySwitch()) {
        speaker = asFromNow.group(1);
      }
      return Optional.empty();
    }
    Matcher inChannel = IN_CHANNEL.matcher(text);
    if (inChannel.matches()) {
      channel = inChannel.group(1);
      return Optional.empty();
    }
    return said(speaker, text);
  }

  private boolean maySwitch() {
    boolean may = seat.switching() == Seat.Switching.ALLOWED;
    if (!may) {
      dress.note(
          "You are %s here, and nobody else; speaking as others is for the demo."
              .formatted(speaker));
    }
    return may;
  }

  private Optional<Message> said(String who, String text) {
    Choices.Pick pick = choices.enter(text);
    return switch (pick) {
      case Choices.Pick.Pressed pressed -> pressed(pressed.choice(), who);
      case Choices.Pick.Gone gone -> {
        dress.note(
            "%s is not offered any more (%s). Nothing was done."
                .formatted(gone.choice().button().label(), gone.choice().title()));
        yield Optional.empty();
      }
      case Choices.Pick.NotAChoice _ -> {
        Conversation here = new Conversation(NAME, channel, Optional.empty());
        Matcher inThread = IN_THREAD.matcher(text);
        if (!inThread.matches()) {
          dress.said(who, place(here), text);
          yield Optional.of(message(here, who, new Message.Text(text)));
        }
        if (lastThread.isEmpty()) {
          dress.note("No thread has been shown here yet; say it without `>`.");
          yield Optional.empty();
        }
        dress.said(who, place(lastThread.get()), text);
        yield Optional.of(message(lastThread.get(), who, new Message.Text(inThread.group(1))));
      }
    };
  }

  private Optional<Message> pressed(Choices.Choice choice, String who) {
    Optional<String> question = choice.button().input();
    if (question.isPresent()) {
      form = Optional.of(new Form(choice, question.get(), who));
      return Optional.empty();
    }
    return Optional.of(press(choice, who, Optional.empty()));
  }

  private Message press(Choices.Choice choice, String who, Optional<String> input) {
    dress.said(
        who,
        place(choice.where()),
        "[" + choice.button().label() + "]" + input.map(i -> "  " + i).orElse(""));
    return message(choice.where(), who, new Message.Press(choice.button().command(), input));
  }

  /// What a channel is called where it is worth naming: not the one that the person came to.
  private String place(Conversation where) {
    return where.channel().equals(seat.channel()) ? "" : where.channel();
  }

  private Message message(Conversation where, String who, Message.Content content) {
    lastHeard = Optional.of(clock.instant());
    return new Message(
        seat.session() + "-said-" + ++messages, where, Speaker.member(NAME, who), true, content);
  }

  @Override
  public void close() {
    dress.close();
  }
}
