/// What people see, and what is kept, when files and Proxmox VE are damaged in every way there is.
@org.jspecify.annotations.NullMarked
package dev.pvebot.bot.damage;
