/// What is wrong with the access to a site, as data: [dev.pvebot.integrations.pve.check.ApiCheck].
@NullMarked
package dev.pvebot.integrations.pve.check;

import org.jspecify.annotations.NullMarked;
