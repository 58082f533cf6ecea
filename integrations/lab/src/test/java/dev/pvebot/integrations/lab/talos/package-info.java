/// Tests of the Talos machines, by a client made of the lab's own stubs. The client of the field is
/// tested elsewhere, against these machines and against Talos' own `talosctl`.
@org.jspecify.annotations.NullMarked
package dev.pvebot.integrations.lab.talos;
