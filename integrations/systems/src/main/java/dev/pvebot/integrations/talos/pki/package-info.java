/// Keys and certificates as Talos writes them: PEM in and out, authorities, and the client
/// certificates they sign.
@NullMarked
package dev.pvebot.integrations.talos.pki;

import org.jspecify.annotations.NullMarked;
