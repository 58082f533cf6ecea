package dev.pvebot.clusters;

/// How much a mistake would hurt: it decides which confirmation an operation needs. A target that
/// belongs to no profile counts as production.
public enum Environment {
  PRODUCTION,
  STAGING,
  DEV
}
