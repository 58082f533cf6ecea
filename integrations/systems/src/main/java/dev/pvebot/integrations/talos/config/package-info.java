/// What a Talos cluster is made of before a machine runs: its secrets, the machine configuration of
/// each node, and the two files by which people and pvebot reach it. Start at
/// [dev.pvebot.integrations.talos.config.ClusterConfig]. Pure: reads and writes no file.
@NullMarked
package dev.pvebot.integrations.talos.config;

import org.jspecify.annotations.NullMarked;
