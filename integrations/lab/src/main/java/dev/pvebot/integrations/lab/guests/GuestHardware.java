package dev.pvebot.integrations.lab.guests;

import java.util.function.BiConsumer;

/// The virtual hardware that an operating system finds when it is switched on.
///
/// @param uuid of SMBIOS; it names the machine for life, where a VMID is used again
/// @param mac of net0, in lower case with colons
/// @param dhcpAddress what the lab's DHCP gives to net0
/// @param image what the boot disk was written with
/// @param powerOff takes the machine's own wish to be off to the hypervisor; returns at once
/// @param effect writes (what, detail) about this guest into the ledger
public record GuestHardware(
    int vmid,
    String uuid,
    String name,
    String mac,
    String dhcpAddress,
    int cpus,
    long memoryMiB,
    long diskBytes,
    String image,
    Runnable powerOff,
    BiConsumer<String, String> effect) {}
