/// What a machine may ask of the running bot: whether it lives, whether it is ready, and its
/// figures. Off unless `pvebot.yaml` says `metrics: {listen: "127.0.0.1:9469"}`; a bot opens no
/// port unasked.
@NullMarked
package dev.pvebot.bot.metrics;

import org.jspecify.annotations.NullMarked;
