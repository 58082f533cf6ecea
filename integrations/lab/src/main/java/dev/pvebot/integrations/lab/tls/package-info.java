/// The lab's certificate authority.
@NullMarked
package dev.pvebot.integrations.lab.tls;

import org.jspecify.annotations.NullMarked;
