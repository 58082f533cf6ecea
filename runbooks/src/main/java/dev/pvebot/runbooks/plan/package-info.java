/// Plans: what would happen, in full, bound to a digest that an approval can name.
@NullMarked
package dev.pvebot.runbooks.plan;

import org.jspecify.annotations.NullMarked;
