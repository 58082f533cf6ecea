/// What the linter says.
@org.jspecify.annotations.NullMarked
package dev.pvebot.runbooks.linter;
