/// The console: cards as lines of text, as JSON lines, or in a terminal with a prompt.
///
/// Start at [ConsolePlatform]; what a card looks like is [CardText] and [CardJson]. JLine is loaded
/// by [TerminalDress] only (and its width table for text outside Latin), so that `pvebot say`
/// starts fast.
@NullMarked
package dev.pvebot.integrations.console;

import org.jspecify.annotations.NullMarked;
