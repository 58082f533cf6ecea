/// The simulated datacenter that demos and tests run against: start reading at
/// [dev.pvebot.integrations.lab.Lab]. It shares no code with the clients that it is there to test.
@NullMarked
package dev.pvebot.integrations.lab;

import org.jspecify.annotations.NullMarked;
