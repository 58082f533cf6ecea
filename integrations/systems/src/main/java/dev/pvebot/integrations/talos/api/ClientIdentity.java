package dev.pvebot.integrations.talos.api;

import dev.pvebot.clusters.secret.Secret;

/// Who we are to a configured node, and how it proves who it is.
///
/// @param authority PEM of the OS authority (`machine.ca`), which signed the nodes' certificates
/// @param certificate PEM of ours; its Subject's O values are our roles
/// @param key PEM of its private key, as Talos writes it (`ED25519 PRIVATE KEY`) or PKCS#8
public record ClientIdentity(String authority, String certificate, Secret key) {}
