/// The lab's time: running faster than the wall, or stepped by hand.
@NullMarked
package dev.pvebot.integrations.lab.time;

import org.jspecify.annotations.NullMarked;
