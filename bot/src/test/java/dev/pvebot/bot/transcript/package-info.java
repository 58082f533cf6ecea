/// Golden transcripts: messages in, the thread out. Start at [TranscriptTest]; the files lie in
/// `src/test/resources/dev/pvebot/bot/transcript`, and `docs/developing.md` says how to write one.
@NullMarked
package dev.pvebot.bot.transcript;

import org.jspecify.annotations.NullMarked;
