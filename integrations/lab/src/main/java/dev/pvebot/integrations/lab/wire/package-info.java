/// HTTP as the lab speaks it, down to replies cut in the middle, and the lab's own JSON. Nothing
/// about PVE.
@NullMarked
package dev.pvebot.integrations.lab.wire;

import org.jspecify.annotations.NullMarked;
