/// Letting time pass, by a clock that stands still.
@org.jspecify.annotations.NullMarked
package dev.pvebot.runbooks.waiting;
