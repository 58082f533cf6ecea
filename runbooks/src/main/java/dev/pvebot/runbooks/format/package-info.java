/// The format of runbooks: Markdown that people read, with `yaml step` and `yaml check` blocks that
/// the engine runs.
///
/// Start reading at [dev.pvebot.runbooks.format.RunbookParser]; `docs/runbooks.md` explains the
/// format to people.
@NullMarked
package dev.pvebot.runbooks.format;

import org.jspecify.annotations.NullMarked;
