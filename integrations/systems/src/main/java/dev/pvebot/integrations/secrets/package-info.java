/// Where secrets come from (`pass`, the environment, files) and how they are kept out of everything
/// that people read. Start at [dev.pvebot.integrations.secrets.SecretResolver]. Nothing here knows
/// what a secret is for.
@NullMarked
package dev.pvebot.integrations.secrets;

import org.jspecify.annotations.NullMarked;
