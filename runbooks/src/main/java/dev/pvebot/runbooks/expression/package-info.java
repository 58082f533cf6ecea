/// Expressions of runbooks: `{{ … }}` holds CEL, type-checked against declared records before
/// anything runs, and free of side effects.
///
/// Start reading at [dev.pvebot.runbooks.expression.Expressions]. CEL itself is loaded only when
/// the first expression is compiled: who merely lists runbooks does not pay for it.
@NullMarked
package dev.pvebot.runbooks.expression;

import org.jspecify.annotations.NullMarked;
