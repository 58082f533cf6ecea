package dev.pvebot.integrations.lab.faults;

import java.util.regex.Pattern;

/// Which calls a fault meets. Empty `node` means any; `path` is found anywhere in the path behind
/// `/api2/json`; the fault acts on matching calls number `nth` to `nth + count - 1`, counted from
/// 1.
public record Matcher(String node, String method, Pattern path, int nth, int count) {
  public Matcher {
    if (nth < 1 || count < 1) {
      throw new IllegalArgumentException(
          "A fault begins at call nth >= 1 and acts count >= 1 times; given were nth %d, count %d."
              .formatted(nth, count));
    }
  }

  /// The first matching call, once. An empty method means any.
  public static Matcher once(String method, String pathRegex) {
    return new Matcher("", method, Pattern.compile(pathRegex), 1, 1);
  }

  /// Every matching call.
  public static Matcher always(String method, String pathRegex) {
    return new Matcher("", method, Pattern.compile(pathRegex), 1, Integer.MAX_VALUE);
  }

  public Matcher onNode(String name) {
    return new Matcher(name, method, path, nth, count);
  }

  /// From the `number`th matching call on, counted from 1.
  public Matcher from(int number) {
    return new Matcher(node, method, path, number, count);
  }

  public Matcher times(int number) {
    return new Matcher(node, method, path, nth, number);
  }

  boolean fits(String calledNode, String calledMethod, String calledPath) {
    return (node.isEmpty() || node.equals(calledNode))
        && (method.isEmpty() || method.equals(calledMethod))
        && path.matcher(calledPath).find();
  }
}
