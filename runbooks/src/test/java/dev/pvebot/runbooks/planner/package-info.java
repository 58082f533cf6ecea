/// Plans of the library on small worlds.
@org.jspecify.annotations.NullMarked
package dev.pvebot.runbooks.planner;
