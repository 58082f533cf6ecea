/// The demo: a lab, a bot beside it, and a scripted tour or a console to talk to.
@NullMarked
package dev.pvebot.bot.demo;

import org.jspecify.annotations.NullMarked;
