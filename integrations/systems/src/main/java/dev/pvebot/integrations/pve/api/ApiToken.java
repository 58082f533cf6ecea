package dev.pvebot.integrations.pve.api;

import dev.pvebot.clusters.secret.Secret;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An API token of PVE.
///
/// @param id `user@realm!name`; not secret, it is in every UPID
/// @param secret the other half, a UUID
public record ApiToken(String id, Secret secret) {
  private static final Pattern ID =
      Pattern.compile("[^\\s:/@!=]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+");

  /// Letters that PVE takes as they are: the value of the header ends at `;` and is
  /// percent-decoded.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~-]+");

  public ApiToken {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the id of a PVE token is user@realm!name, for example pvebot@pve!bot (the text found is"
              + " not shown)");
    }
    if (!PLAIN.matcher(secret.reveal()).matches()) {
      throw new IllegalArgumentException(
          "the secret of PVE token %s is a UUID as `pveum user token add` prints it (the text found is not shown)"
              .formatted(id));
    }
  }

  /// Reads a token from its entry: two lines, id and secret, or one line `user@realm!name=secret`;
  /// further lines are notes.
  ///
  /// @throws IllegalArgumentException that does not repeat the text
  public static ApiToken parse(Secret entry) {
    List<String> lines =
        entry.reveal().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("the entry of the PVE token is empty");
    }
    String first = lines.getFirst().replaceFirst("^PVEAPIToken[= ]", "");
    Matcher oneLine = Pattern.compile("(.+)=([^=]+)").matcher(first);
    if (oneLine.matches()) {
      return new ApiToken(oneLine.group(1), new Secret(oneLine.group(2)));
    }
    if (lines.size() < 2) {
      throw new IllegalArgumentException(
          "the entry of the PVE token has one line without '='; expected user@realm!name on line 1"
              + " and the secret on line 2, or user@realm!name=secret");
    }
    return new ApiToken(first, new Secret(lines.get(1)));
  }

  /// `user@realm`
  public String user() {
    return id.substring(0, id.indexOf('!'));
  }

  String header() {
    return "PVEAPIToken=" + id + "=" + secret.reveal();
  }
}
