package dev.pvebot.integrations.lab.slack;

import dev.pvebot.integrations.lab.wire.Json;
import java.util.Map;

/// Somebody in the workspace, or from another one.
public record SlackUser(String id, String name, String team, Kind kind) {
  public enum Kind {
    MEMBER,
    /// `is_restricted`: may see some channels.
    GUEST,
    /// `is_stranger`: of another organisation, here by a shared channel.
    STRANGER,
    BOT,
    /// `deleted`: the account has ended.
    GONE
  }

  public static SlackUser member(String id, String name) {
    return new SlackUser(id, name, SlackLab.TEAM, Kind.MEMBER);
  }

  Map<String, Object> json() {
    return Json.object(
        "id",
        id,
        "team_id",
        team,
        "name",
        name,
        "real_name",
        name,
        "deleted",
        kind == Kind.GONE,
        "is_bot",
        kind == Kind.BOT,
        "is_app_user",
        false,
        "is_restricted",
        kind == Kind.GUEST,
        "is_ultra_restricted",
        false,
        "is_stranger",
        kind == Kind.STRANGER,
        "profile",
        Json.object("display_name", name, "real_name", name, "team", team));
  }
}
