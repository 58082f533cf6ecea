package dev.pvebot.integrations.talos.api;

import com.google.protobuf.ByteString;
import dev.pvebot.integrations.talos.wire.common.Data;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// One connection to one node, and what is true of every call on it. Opens itself when first used,
/// and again after the node was away.
final class Line implements AutoCloseable {
  /// Talos' own bound, both ways (constants.GRPCMaxMessageSize).
  private static final int LARGEST_MESSAGE = 32 << 20;

  private final NodeAddress node;
  private final ManagedChannel channel;

  Line(NodeAddress node, SslContext tls) {
    this.node = node;
    this.channel =
        NettyChannelBuilder.forAddress(node.host(), node.port())
            .sslContext(tls)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            // A machine that loses power answers nothing at all: notice it in the middle of a
            // stream.
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .build();
  }

  NodeAddress node() {
    return node;
  }

  Channel channel() {
    return channel;
  }

  /// One question or order and its answer.
  ///
  /// @throws TalosFailure when there is no answer or another than OK
  <T> T call(String rpc, boolean mutating, Function<Channel, T> call) throws InterruptedException {
    try {
      return call.apply(channel);
    } catch (RuntimeException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException("%s of %s".formatted(rpc, node));
      }
      throw TalosFailure.of(node, rpc, failure, mutating);
    }
  }

  /// Follows a stream until it ends, the taker has had enough, or nothing more may come.
  ///
  /// @param taker says whether it wants more
  <T> void follow(
      String rpc, boolean mutating, Function<Channel, Iterator<T>> call, Predicate<T> taker)
      throws InterruptedException {
    Context.CancellableContext context = Context.current().withCancellation();
    Context before = context.attach();
    try {
      Iterator<T> messages = call.apply(channel);
      boolean more = true;
      while (more && messages.hasNext()) {
        more = taker.test(messages.next());
      }
    } catch (io.grpc.StatusRuntimeException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException("%s of %s".formatted(rpc, node));
      }
      throw TalosFailure.of(node, rpc, failure, mutating);
    } finally {
      context.detach(before);
      context.cancel(null);
    }
  }

  /// Copies a stream of bytes.
  ///
  /// @return how many there were
  long copy(String rpc, Function<Channel, Iterator<Data>> call, OutputStream to)
      throws InterruptedException, IOException {
    long[] count = {0};
    IOException[] broken = {null};
    follow(
        rpc,
        false,
        call,
        data -> {
          ByteString bytes = data.getBytes();
          try {
            bytes.writeTo(to);
            count[0] += bytes.size();
            return true;
          } catch (IOException full) {
            broken[0] = full;
            return false;
          }
        });
    if (broken[0] != null) {
      throw broken[0];
    }
    return count[0];
  }

  static long millis(Duration patience) {
    return Math.max(1, patience.toMillis());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
