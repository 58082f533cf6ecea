/// A Slack of one's own: Web API, Socket Mode and the hands of the people in front of it.
///
/// It refuses what Slack refuses (tokens, limits of blocks and texts, triggers that are too old or
/// used), hands each message to one of the app's sockets, and can be late, double, silent or down.
/// Start at [SlackLab].
@NullMarked
package dev.pvebot.integrations.lab.slack;

import org.jspecify.annotations.NullMarked;
