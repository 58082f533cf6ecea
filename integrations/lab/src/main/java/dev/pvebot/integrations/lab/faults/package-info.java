/// The lab's misbehaviour: faults of calls and tasks, and the points at which a client is killed.
@NullMarked
package dev.pvebot.integrations.lab.faults;

import org.jspecify.annotations.NullMarked;
