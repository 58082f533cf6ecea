/// Tests of this package.
@org.jspecify.annotations.NullMarked
package dev.pvebot.runbooks.format;
