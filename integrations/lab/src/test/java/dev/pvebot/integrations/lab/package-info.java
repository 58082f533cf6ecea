/// What the lab promises, shown by calling it over TLS as a client would.
@NullMarked
package dev.pvebot.integrations.lab;

import org.jspecify.annotations.NullMarked;
