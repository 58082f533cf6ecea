package dev.pvebot.integrations.pve.api;

import dev.pvebot.clusters.NodeName;
import dev.pvebot.clusters.Vmid;
import dev.pvebot.runbooks.action.ActionFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A call of PVE's API that did not give an answer to use. Says which call, of which node and
/// guest, in PVE's own words where it has any, and whether the call can have had an effect.
public final class PveFailure extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Pattern MISSING =
      Pattern.compile("Permission check failed \\(([^,()]+), ([A-Za-z.|& ]+)\\)");

  /// What went wrong, by what can be done about it.
  public enum Kind {
    /// No node of the site could be asked; nothing was sent.
    UNREACHABLE,
    /// A node showed another certificate than the one that is pinned; nothing was sent.
    TLS_MISMATCH,
    /// 401: the token is wrong, expired or disabled.
    UNAUTHENTICATED,
    /// 403: the token lacks a privilege.
    FORBIDDEN,
    /// 400: a parameter is not acceptable; [PveFailure#reason] names it.
    REJECTED,
    /// 500 and 501 in PVE's words: it refuses, or the call failed before anything began.
    REFUSED,
    /// 595: the node that answers cannot reach the node that it is about.
    NODE_AWAY,
    /// 503: too busy or restarting.
    BUSY,
    /// 596, 599, a timeout, a reset, half an answer: for a mutating call nobody knows what came of
    /// it.
    NO_ANSWER,
    /// Something answered that does not speak PVE's API: a login page, HTML, half JSON.
    NONSENSE
  }

  /// A privilege that PVE says is missing.
  ///
  /// @param path for example `/vms/101`
  /// @param privilege for example `VM.PowerMgmt`; alternatives are joined by a bar
  public record MissingPrivilege(String path, String privilege) {}

  private final Kind kind;
  private final transient PveCall call;
  private final Optional<String> asked;
  private final int status;
  private final String reason;
  private final transient List<String> attempts;

  /// @param asked the node that answered, or was to
  /// @param status HTTP status, 0 without an answer
  /// @param reason PVE's words, or ours when it had none
  /// @param attempts the other nodes that were tried in vain, each with what came of it
  PveFailure(
      Kind kind,
      PveCall call,
      Optional<String> asked,
      int status,
      String reason,
      List<String> attempts) {
    super(sentence(call, asked, reason, attempts));
    this.kind = kind;
    this.call = call;
    this.asked = asked;
    this.status = status;
    this.reason = reason;
    this.attempts = List.copyOf(attempts);
  }

  private static String sentence(
      PveCall call, Optional<String> asked, String reason, List<String> attempts) {
    return call.act()
        + ": "
        + reason
        + " ("
        + call.endpoint()
        + asked.map(node -> " asked of " + node).orElse("")
        + (attempts.isEmpty() ? "" : "; tried before: " + String.join(", ", attempts))
        + ")";
  }

  public Kind kind() {
    return kind;
  }

  /// `POST /nodes/pve01/qemu/101/clone`
  public String endpoint() {
    return call.endpoint();
  }

  /// The node that answered or was asked last.
  public Optional<String> asked() {
    return asked;
  }

  /// The node that the call is about.
  public Optional<NodeName> node() {
    return call.node();
  }

  public Optional<Vmid> vmid() {
    return call.vmid();
  }

  /// The HTTP status, 0 when there was no answer.
  public int status() {
    return status;
  }

  /// PVE's own words, or ours when it had none.
  public String reason() {
    return reason;
  }

  public List<String> attempts() {
    return attempts;
  }

  public Optional<MissingPrivilege> missing() {
    Matcher matcher = MISSING.matcher(reason);
    return matcher.find()
        ? Optional.of(new MissingPrivilege(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /// Whether the call may have changed something.
  public boolean isOpen() {
    return call.mutates() && (kind == Kind.NO_ANSWER || kind == Kind.NONSENSE);
  }

  /// Whether nothing has happened and the same call may go through later.
  public boolean isPassing() {
    return switch (kind) {
      case UNREACHABLE, NODE_AWAY, BUSY -> true;
      case NO_ANSWER, NONSENSE -> !call.mutates();
      case REFUSED -> RetryableTexts.match(reason);
      case TLS_MISMATCH, UNAUTHENTICATED, FORBIDDEN, REJECTED -> false;
    };
  }

  /// What it means and what to do, when that is known.
  public Optional<Hints.Hint> hint() {
    return Hints.of(this);
  }

  /// The same for the engine.
  public ActionFailure toActionFailure() {
    ActionFailure.Kind forEngine =
        isOpen()
            ? ActionFailure.Kind.OPEN
            : isPassing() ? ActionFailure.Kind.RETRYABLE : ActionFailure.Kind.REFUSED;
    ActionFailure failure =
        new ActionFailure(
            forEngine,
            sentence(call, asked, reason, attempts),
            hint().map(Hints.Hint::why),
            hint().map(Hints.Hint::now));
    failure.initCause(this);
    return failure;
  }
}
