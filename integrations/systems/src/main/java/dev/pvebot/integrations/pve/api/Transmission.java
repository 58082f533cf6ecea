package dev.pvebot.integrations.pve.api;

import java.io.IOException;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Request;

/// Knows of one request whether any of it may have left this machine.
final class Transmission {
  private volatile boolean begun;

  boolean hasBegun() {
    return begun;
  }

  /// Marks the [Transmission] that a request carries as its tag.
  static final class Listener extends EventListener {
    @Override
    public void requestHeadersStart(Call call) {
      mark(call.request());
    }

    @Override
    public void requestFailed(Call call, IOException failure) {
      mark(call.request());
    }

    private static void mark(Request request) {
      Transmission transmission = request.tag(Transmission.class);
      if (transmission != null) {
        transmission.begun = true;
      }
    }
  }
}
