/// The image factory: releases, extensions, schematics, and the names of what it builds.
@NullMarked
package dev.pvebot.integrations.lab.factory;

import org.jspecify.annotations.NullMarked;
