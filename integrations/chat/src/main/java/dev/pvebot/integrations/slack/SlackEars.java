package dev.pvebot.integrations.slack;

import static com.slack.api.model.block.composition.BlockCompositions.plainText;

import com.slack.api.app_backend.interactive_components.payload.BlockActionPayload;
import com.slack.api.app_backend.slash_commands.payload.SlashCommandPayload;
import com.slack.api.app_backend.views.payload.ViewSubmissionPayload;
import com.slack.api.bolt.App;
import com.slack.api.bolt.context.builtin.ActionContext;
import com.slack.api.model.block.InputBlock;
import com.slack.api.model.block.element.PlainTextInputElement;
import com.slack.api.model.event.AppHomeOpenedEvent;
import com.slack.api.model.event.AppMentionEvent;
import com.slack.api.model.event.MessageEvent;
import com.slack.api.model.event.UserChangeEvent;
import com.slack.api.model.view.View;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import dev.pvebot.commands.chat.Message;
import dev.pvebot.commands.chat.Speaker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what Slack sends into messages. Each handler returns at once, so that Slack has its
/// acknowledgement; the work goes to a thread of its own. A button with a form is the exception:
/// its trigger lives 3 s, so the form opens in the handler, made from the button alone.
final class SlackEars {
  private static final Logger log = LoggerFactory.getLogger(SlackEars.class);
  private static final String ANSWER = "answer";
  private static final char BETWEEN = '\u001f';

  private final SlackWeb web;
  private final SlackPeople people;
  private final SlackPeople.Home home;
  private final Inbox inbox;
  private final Executor work;
  private final Consumer<String> homeOpened;

  /// @param homeOpened told the user whose page is to be shown
  SlackEars(
      SlackWeb web,
      SlackPeople people,
      SlackPeople.Home home,
      Inbox inbox,
      Executor work,
      Consumer<String> homeOpened) {
    this.web = web;
    this.people = people;
    this.home = home;
    this.inbox = inbox;
    this.work = work;
    this.homeOpened = homeOpened;
  }

  void listen(App app) {
    app.command(
        Pattern.compile("/.+"),
        (request, context) -> {
          command(request.getPayload());
          return context.ack(ack -> ack.responseType("in_channel"));
        });
    app.blockAction(
        Pattern.compile(BlockKit.PRESS + ":\\d+"),
        (request, context) -> {
          press(request.getPayload());
          return context.ack();
        });
    app.blockAction(
        Pattern.compile(BlockKit.FORM + ":\\d+"),
        (request, context) -> {
          openForm(request.getPayload(), context);
          return context.ack();
        });
    app.viewSubmission(
        ANSWER,
        (request, context) -> {
          answer(request.getPayload());
          return context.ack();
        });
    app.event(
        AppMentionEvent.class,
        (payload, context) -> {
          AppMentionEvent event = payload.getEvent();
          if (event.getBotId() == null && event.getUser() != null) {
            said(
                event.getChannel(),
                event.getTs(),
                event.getThreadTs(),
                event.getUser(),
                event.getText(),
                true);
          }
          return context.ack();
        });
    app.event(
        MessageEvent.class,
        (payload, context) -> {
          message(payload.getEvent());
          return context.ack();
        });
    app.event(
        AppHomeOpenedEvent.class,
        (payload, context) -> {
          String user = payload.getEvent().getUser();
          work.execute(() -> homeOpened.accept(user));
          return context.ack();
        });
    app.event(
        UserChangeEvent.class,
        (payload, context) -> {
          people.forget(payload.getEvent().getUser().getId());
          return context.ack();
        });
  }

  private void command(SlashCommandPayload payload) {
    String text = Optional.ofNullable(payload.getText()).map(String::strip).orElse("");
    hear(
        "command:" + payload.getTriggerId(),
        where(payload.getChannelId(), null),
        payload.getUserId(),
        true,
        new Message.Text(text.isEmpty() ? "help" : SlackText.read(text, home.botUser())));
  }

  /// A direct message is meant for us; so is what stands in a thread that we began. Other messages
  /// of channels reach us only with the optional scope for reading channels.
  private void message(MessageEvent event) {
    if (event.getBotId() != null || event.getUser() == null) {
      return;
    }
    boolean ours =
        "im".equals(event.getChannelType()) || home.botUser().equals(event.getParentUserId());
    boolean mentioned =
        Optional.ofNullable(event.getText())
            .filter(text -> text.contains("<@" + home.botUser() + ">"))
            .isPresent();
    said(
        event.getChannel(),
        event.getTs(),
        event.getThreadTs(),
        event.getUser(),
        event.getText(),
        ours || mentioned);
  }

  /// A mention comes as two events; the message's own id makes them one.
  private void said(
      String channel,
      String ts,
      @Nullable String thread,
      String user,
      @Nullable String text,
      boolean addressed) {
    String words = SlackText.read(Optional.ofNullable(text).orElse(""), home.botUser());
    hear(
        "message:%s:%s".formatted(channel, ts),
        where(channel, thread),
        user,
        addressed,
        new Message.Text(words.isEmpty() ? "help" : words));
  }

  private void press(BlockActionPayload payload) {
    BlockActionPayload.Action action = payload.getActions().getFirst();
    hear(
        "press:%s:%s:%s"
            .formatted(
                place(payload).channel(),
                Optional.ofNullable(payload.getContainer().getMessageTs()).orElse("home"),
                action.getActionTs() + ":" + payload.getUser().getId()),
        place(payload),
        payload.getUser().getId(),
        true,
        new Message.Press(Pressed.read(action.getValue()).command(), Optional.empty()));
  }

  /// What follows a press belongs into the thread of the card.
  private static Conversation place(BlockActionPayload payload) {
    BlockActionPayload.Container container = payload.getContainer();
    return container.getMessageTs() == null
        ? where(payload.getUser().getId(), null) // on the Home page; the answer comes directly
        : where(
            container.getChannelId(),
            Optional.ofNullable(container.getThreadTs())
                .or(() ->
                    container.isEphemeral()
                        ? Optional.empty()
                        : Optional.of(container.getMessageTs()))
                .orElse(null));
  }

  private void openForm(BlockActionPayload payload, ActionContext context) {
    Pressed pressed = Pressed.read(payload.getActions().getFirst().getValue());
    Conversation place = place(payload);
    View form =
        View.builder()
            .type("modal")
            .callbackId(ANSWER)
            .title(
                com.slack.api.model.view.Views.viewTitle(
                    title -> title.type("plain_text").text("pvebot")))
            .submit(
                com.slack.api.model.view.Views.viewSubmit(
                    submit -> submit.type("plain_text").text("Send")))
            .close(
                com.slack.api.model.view.Views.viewClose(
                    close -> close.type("plain_text").text("Never mind")))
            .privateMetadata(
                String.join(
                    String.valueOf(BETWEEN),
                    place.channel(),
                    place.thread().orElse(""),
                    pressed.command()))
            .blocks(
                List.of(
                    InputBlock.builder()
                        .blockId(ANSWER)
                        .label(
                            plainText(label ->
                                label
                                    .text(BlockKit.cut(pressed.question().orElse("Go on?"), 2_000))
                                    .emoji(false)))
                        .element(
                            PlainTextInputElement.builder()
                                .actionId(ANSWER)
                                .maxLength(1_000)
                                .build())
                        .optional(
                            pressed.question().filter(q -> q.contains("optional")).isPresent())
                        .build()))
            .build();
    try {
      web.once(
          "opening a form",
          client -> client.viewsOpen(r -> r.triggerId(context.getTriggerId()).view(form)));
    } catch (SlackWeb.TooMany | SlackWeb.Refused | ChatUnavailable failure) {
      log.warn("{}", failure.getMessage());
    }
  }

  private void answer(ViewSubmissionPayload payload) {
    View view = payload.getView();
    String[] kept = view.getPrivateMetadata().split(String.valueOf(BETWEEN), 3);
    Optional<String> typed =
        Optional.ofNullable(view.getState().getValues().get(ANSWER))
            .map(fields -> fields.get(ANSWER))
            .map(field -> field.getValue())
            .map(String::strip)
            .filter(text -> !text.isEmpty());
    hear(
        "form:" + view.getId(),
        where(kept[0], kept[1].isEmpty() ? null : kept[1]),
        payload.getUser().getId(),
        true,
        new Message.Press(kept[2], typed));
  }

  private void hear(
      String id, Conversation where, String user, boolean addressed, Message.Content content) {
    work.execute(() -> {
      Speaker speaker = people.speaker(user, home);
      if (speaker.standing() != Speaker.Standing.BOT) { // bots that answer bots never end
        inbox.heard(new Message(id, where, speaker, addressed, content));
      }
    });
  }

  private static Conversation where(String channel, @Nullable String thread) {
    return new Conversation(SlackPlatform.NAME, channel, Optional.ofNullable(thread));
  }
}
