/// PVE's own schema of its API: what may be asked, what must be answered. The compact copies are
/// made by schema/compact.py of this module.
@NullMarked
package dev.pvebot.integrations.lab.schema;

import org.jspecify.annotations.NullMarked;
