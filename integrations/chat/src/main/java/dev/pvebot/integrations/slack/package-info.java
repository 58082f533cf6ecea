/// Slack: Socket Mode (or HTTP with checked signatures), cards as Block Kit.
///
/// Start at [SlackPlatform]; what is heard is [SlackEars], what a card looks like [BlockKit], what
/// a person is [SlackPeople]. Everything is acknowledged first and worked on afterwards; only a
/// form opens inside the handler, from the button alone. Limits of Slack are kept by construction,
/// and no foreign text is ever markup: see [Rich].
@NullMarked
package dev.pvebot.integrations.slack;

import org.jspecify.annotations.NullMarked;
