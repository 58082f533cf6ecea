package dev.pvebot.bot.session;

import dev.pvebot.commands.chat.Card;
import dev.pvebot.commands.chat.ChatPlatform;
import dev.pvebot.commands.chat.Conversation;
import dev.pvebot.commands.chat.Inbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// The platform `console`. It keeps nothing: what nobody watches is in the journal all the same.
public final class ConsoleHub implements ChatPlatform {
  public static final String PLATFORM = "console";

  private final List<Attachment> attachments = new CopyOnWriteArrayList<>();
  private final Instant openedAt;
  private final AtomicLong ids;

  /// @param openedAt ids count from here, so that those of an earlier run are not used again
  public ConsoleHub(Instant openedAt) {
    this.openedAt = openedAt;
    this.ids = new AtomicLong(openedAt.toEpochMilli());
  }

  /// Is shown cards.
  public interface Watcher {
    void shown(Posted posted, Card card, boolean edit);
  }

  /// Somebody who watches. Cards of a thread that is followed later are kept until then, so none is
  /// missed in between.
  public final class Attachment implements AutoCloseable {
    private final Watcher watcher;
    private final boolean everything;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final List<Seen> early = new java.util.ArrayList<>();

    private Attachment(Watcher watcher, boolean everything) {
      this.watcher = watcher;
      this.everything = everything;
    }

    /// Shows what is posted in a thread from the attachment on.
    public synchronized void follow(String thread) {
      followed.add(thread);
      for (Seen seen : early) {
        if (seen.posted().where().thread().filter(thread::equals).isPresent()) {
          watcher.shown(seen.posted(), seen.card(), seen.edit());
        }
      }
      early.clear();
    }

    private synchronized void offer(Posted posted, Card card, boolean edit) {
      if (everything || posted.where().thread().filter(followed::contains).isPresent()) {
        watcher.shown(posted, card, edit);
      } else if (followed.isEmpty()) {
        early.add(new Seen(posted, card, edit));
        if (early.size() > MOST_EARLY) {
          early.removeFirst();
        }
      }
    }

    @Override
    public void close() {
      attachments.remove(this);
    }
  }

  private static final int MOST_EARLY = 256;

  private record Seen(Posted posted, Card card, boolean edit) {}

  /// The newest cards that were posted, for who comes a moment late.
  private final java.util.ArrayDeque<Seen> recent = new java.util.ArrayDeque<>();

  private void remember(Seen seen) {
    synchronized (recent) {
      recent.addLast(seen);
      if (recent.size() > MOST_EARLY) {
        recent.removeFirst();
      }
    }
  }

  /// Attaches somebody who follows the threads that [Attachment#follow] names.
  public Attachment attach(Watcher watcher) {
    return attach(watcher, false);
  }

  /// The same, with the newest cards from before the attachment.
  public Attachment attachWithRecent(Watcher watcher) {
    Attachment attachment = attach(watcher, false);
    synchronized (recent) {
      attachment.early.addAll(0, recent);
    }
    return attachment;
  }

  /// Attaches somebody who sees everything.
  public Attachment attachToAll(Watcher watcher) {
    return attach(watcher, true);
  }

  private Attachment attach(Watcher watcher, boolean everything) {
    Attachment attachment = new Attachment(watcher, everything);
    attachments.add(attachment);
    return attachment;
  }

  /// Names a new place for a card without showing it to anybody but the caller, who shows it to
  /// whoever asked.
  public Posted place(Conversation where) {
    return new Posted(where, Long.toString(ids.incrementAndGet()));
  }

  @Override
  public String name() {
    return PLATFORM;
  }

  /// Those who attach bring their words by other ways; nothing comes from here.
  @Override
  public void start(Inbox inbox) {
    inbox.connected(this);
  }

  /// Whoever attaches finds it connected.
  @Override
  public Health health() {
    return new Health(Optional.of(openedAt), Optional.empty(), Optional.empty());
  }

  @Override
  public Posted open(Conversation where, String topic, Card head) {
    return post(where.thread().isPresent() ? where : where.inThread(topic), head);
  }

  @Override
  public void whisper(Conversation where, String speaker, Card card) {
    post(new Conversation(PLATFORM, "@" + speaker, Optional.empty()), card);
  }

  @Override
  public Posted post(Conversation where, Card card) {
    Posted posted = place(where);
    remember(new Seen(posted, card, false));
    attachments.forEach(attachment -> attachment.offer(posted, card, false));
    return posted;
  }

  @Override
  public void edit(Posted posted, Card card) {
    attachments.forEach(attachment -> attachment.offer(posted, card, true));
  }

  @Override
  public void close() {
    attachments.clear();
  }
}
