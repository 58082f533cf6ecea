/// What the lab was asked and what became of it.
@NullMarked
package dev.pvebot.integrations.lab.ledger;

import org.jspecify.annotations.NullMarked;
