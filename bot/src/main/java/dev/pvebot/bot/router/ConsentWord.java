package dev.pvebot.bot.router;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of buttons about one operation, as a button says them and a person may type them:
/// `approve 42 7c1e90`, `approve 57 talos-production`, `deny 57 not before the audit is through`,
/// `skip 42`. What a name or a reason says is taken literally, so these are read before the
/// language is.
///
/// @param verb what is to be done
/// @param operation the operation's id
/// @param digest the digest on the card whose button was pressed
/// @param rest what follows: a typed name, or a reason
record ConsentWord(Verb verb, long operation, Optional<String> digest, Optional<String> rest) {
  enum Verb {
    APPROVE,
    DENY,
    CANCEL,
    PAUSE,
    RESUME,
    RETRY,
    SKIP,
    DONE,
    STOP,
    ROLLBACK,
    LEAVE,
    STEPS
  }

  /// PVE gives no guest a lower number.
  private static final long FIRST_VMID = 100;

  private static final Pattern FORM =
      Pattern.compile(
          "(?:/?pve\\s+)?(?:op\\s+)?(approve|confirm|yes|deny|cancel|pause|resume|retry|skip|done|stop|rollback|leave|steps)"
              + "\\s+(op(?:eration)?\\s+|plan\\s+)?#?(\\d{1,9})(?:\\s+(.*))?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern DIGEST =
      Pattern.compile("([0-9a-f]{6,64})(?:\\s+(.*))?", Pattern.DOTALL);

  static Optional<ConsentWord> read(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    Verb verb =
        switch (form.group(1).toLowerCase(java.util.Locale.ROOT)) {
          case "approve", "confirm", "yes" -> Verb.APPROVE;
          case "deny" -> Verb.DENY;
          case "cancel" -> Verb.CANCEL;
          case "pause" -> Verb.PAUSE;
          case "resume" -> Verb.RESUME;
          case "retry" -> Verb.RETRY;
          case "skip" -> Verb.SKIP;
          case "done" -> Verb.DONE;
          case "stop" -> Verb.STOP;
          case "rollback" -> Verb.ROLLBACK;
          case "leave" -> Verb.LEAVE;
          case "steps" -> Verb.STEPS;
          default -> throw new IllegalStateException("a verb of the pattern");
        };
    Optional<String> rest =
        Optional.ofNullable(form.group(4)).map(String::strip).filter(s -> !s.isEmpty());
    Optional<String> digest = Optional.empty();
    if (verb == Verb.APPROVE && rest.isPresent()) {
      Matcher found = DIGEST.matcher(rest.get());
      if (found.matches()) {
        digest = Optional.of(found.group(1));
        rest = Optional.ofNullable(found.group(2)).map(String::strip).filter(s -> !s.isEmpty());
      }
    }
    // `stop 1031` stops a VM; of an operation with such a number it has to be said
    boolean guest =
        verb == Verb.STOP && form.group(2) == null && Long.parseLong(form.group(3)) >= FIRST_VMID;
    return guest
        ? Optional.empty()
        : Optional.of(new ConsentWord(verb, Long.parseLong(form.group(3)), digest, rest));
  }
}
