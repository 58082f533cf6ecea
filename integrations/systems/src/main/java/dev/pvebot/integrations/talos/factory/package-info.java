/// The Image Factory: which extensions there are, what an image with some of them is called, and
/// where it is. Start at [dev.pvebot.integrations.talos.factory.ImageFactory].
@NullMarked
package dev.pvebot.integrations.talos.factory;

import org.jspecify.annotations.NullMarked;
