package dev.pvebot.integrations.lab.pve;

import java.util.concurrent.CompletableFuture;

/// What answers an endpoint. It runs inside the datacenter's monitor and gives the reply's data: a
/// JSON value, or one of these.
interface Handler {
  /// A list of which there is more: the count of all goes beside the data.
  record Page(Object data, int total) {}

  /// An answer that comes when a lock is free.
  record Later(CompletableFuture<Object> data) {}

  Object answer(Call call);
}
