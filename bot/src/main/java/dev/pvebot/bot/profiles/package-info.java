/// Profiles as something that people change by talking: [dev.pvebot.bot.profiles.LiveSite] holds
/// the site that is in force and the files that it came from; the actions of
/// [dev.pvebot.bot.profiles.ProfileActions] write them, commit them and take them into use. Who
/// asks people for what is missing is [dev.pvebot.bot.answers.ProfileForm].
@NullMarked
package dev.pvebot.bot.profiles;

import org.jspecify.annotations.NullMarked;
