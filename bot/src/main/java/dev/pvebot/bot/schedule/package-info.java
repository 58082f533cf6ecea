/// Commands at set times. [dev.pvebot.bot.schedule.Timetable] reads when,
/// [dev.pvebot.bot.schedule.ScheduleDesk] is what people say about them, and
/// [dev.pvebot.bot.schedule.ScheduleRunner] says them when their time has come, by the same way
/// that a person's words take.
@NullMarked
package dev.pvebot.bot.schedule;

import org.jspecify.annotations.NullMarked;
