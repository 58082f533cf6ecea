package dev.pvebot.commands.chat;

import java.util.Set;

/// Who said something, as the platform knows them. The identity map turns the id, or a role, into a
/// [Person].
///
/// @param platform as in [Conversation#platform]
/// @param id the platform's id of the person, never a name that people can change
/// @param name what others see; for answers, never for rights
/// @param roles ids of the platform's roles, where it has such; empty elsewhere
public record Speaker(
    String platform, String id, String name, Standing standing, Set<String> roles) {
  public Speaker {
    roles = Set.copyOf(roles);
  }

  /// What they are in the workspace or server. Only a member may speak to the bot.
  public enum Standing {
    MEMBER,
    /// Invited into single channels.
    GUEST,
    /// From another organisation, by a shared channel or a foreign installation.
    STRANGER,
    BOT,
    /// The platform could not be asked. A guard that cannot be asked says no.
    UNKNOWN
  }

  public static Speaker member(String platform, String id) {
    return new Speaker(platform, id, id, Standing.MEMBER, Set.of());
  }
}
