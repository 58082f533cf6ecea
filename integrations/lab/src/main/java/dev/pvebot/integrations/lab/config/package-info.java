/// What a lab is like before it starts: nodes, addresses, durations, slots.
@NullMarked
package dev.pvebot.integrations.lab.config;

import org.jspecify.annotations.NullMarked;
