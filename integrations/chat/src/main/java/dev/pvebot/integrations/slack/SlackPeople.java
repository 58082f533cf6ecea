package dev.pvebot.integrations.slack;

import com.slack.api.methods.response.users.UsersInfoResponse;
import com.slack.api.model.User;
import dev.pvebot.commands.chat.ChatPlatform.ChatUnavailable;
import dev.pvebot.commands.chat.Speaker;
import dev.pvebot.commands.chat.Speaker.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who somebody is in the workspace, asked from Slack and remembered for a few minutes. A payload's
/// user name is never believed; and who cannot be looked up is nobody.
final class SlackPeople {
  private static final Logger log = LoggerFactory.getLogger(SlackPeople.class);
  private static final Duration KEEP = Duration.ofMinutes(5);

  /// @param enterprise of an Enterprise Grid, whose workspaces are one organisation
  record Home(String team, Optional<String> enterprise, String botUser) {}

  private record Known(Speaker speaker, Instant until) {}

  private final SlackWeb web;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  SlackPeople(SlackWeb web, InstantSource clock) {
    this.web = web;
    this.clock = clock;
  }

  Speaker speaker(String user, Home home) {
    Instant now = clock.instant();
    Known before = known.get(user);
    if (before != null && now.isBefore(before.until())) {
      return before.speaker();
    }
    Speaker asked = ask(user, home);
    if (asked.standing() != Standing.UNKNOWN) {
      known.put(user, new Known(asked, now.plus(KEEP)));
    }
    return asked;
  }

  /// Somebody's account has changed.
  void forget(String user) {
    known.remove(user);
  }

  private Speaker ask(String user, Home home) {
    try {
      UsersInfoResponse response =
          web.once("looking up who " + user + " is", client -> client.usersInfo(r -> r.user(user)));
      User found = response.getUser();
      return new Speaker(
          SlackPlatform.NAME, user, name(found, user), standing(found, home), Set.of());
    } catch (SlackWeb.TooMany | SlackWeb.Refused | ChatUnavailable failure) {
      log.warn("{}", failure.getMessage());
      return new Speaker(SlackPlatform.NAME, user, user, Standing.UNKNOWN, Set.of());
    }
  }

  private static Standing standing(User user, Home home) {
    if (user.isBot() || user.isAppUser() || user.isWorkflowBot()) {
      return Standing.BOT;
    }
    boolean ours =
        Objects.equals(user.getTeamId(), home.team())
            || home.enterprise()
                .filter(id ->
                    Optional.ofNullable(user.getEnterpriseUser())
                        .filter(account -> id.equals(account.getEnterpriseId()))
                        .isPresent())
                .isPresent();
    if (user.isStranger() || user.isDeleted() || !ours) {
      return Standing.STRANGER;
    }
    return user.isRestricted() || user.isUltraRestricted() ? Standing.GUEST : Standing.MEMBER;
  }

  private static String name(User user, String id) {
    return Optional.ofNullable(user.getProfile())
        .map(User.Profile::getDisplayName)
        .filter(name -> !name.isBlank())
        .or(() -> Optional.ofNullable(user.getName()))
        .orElse(id);
  }
}
