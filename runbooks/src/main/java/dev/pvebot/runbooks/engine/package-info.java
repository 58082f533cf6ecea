/// The durable engine: runs the stored plan of an operation so that a death at any moment loses
/// nothing and repeats nothing. Start reading at [dev.pvebot.runbooks.engine.Engine]; what it keeps
/// lives in [dev.pvebot.runbooks.engine.journal].
@NullMarked
package dev.pvebot.runbooks.engine;

import org.jspecify.annotations.NullMarked;
