/// What guests do on the network.
@NullMarked
package dev.pvebot.integrations.lab.guests;

import org.jspecify.annotations.NullMarked;
