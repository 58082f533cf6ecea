package dev.pvebot.bot.router;

import dev.pvebot.bot.people.Zones;
import dev.pvebot.bot.progress.Announcer;
import dev.pvebot.bot.progress.OperationCards;
import dev.pvebot.bot.progress.ThreadTeller;

/// How operations are shown to people.
public record Telling(
    OperationCards cards, ThreadTeller teller, Announcer announcer, Zones zones) {}
