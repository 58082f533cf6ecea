/// Answers about Proxmox VE's tasks: lists, logs, waiting for one.
@NullMarked
package dev.pvebot.bot.answers.task;

import org.jspecify.annotations.NullMarked;
