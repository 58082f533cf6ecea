package dev.pvebot.integrations.lab.talos;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The threads that the machine APIs of one lab share.
final class ApidThreads implements AutoCloseable {
  /// gRPC tells of every connection that breaks; here machines lose power on purpose. The logger is
  /// held, or its level would be forgotten with it.
  private static final Logger TRANSPORT =
      Logger.getLogger("io.grpc.netty.NettyServerTransport.connections");

  private static final Logger TERMINATED = Logger.getLogger("io.grpc.netty.NettyServerTransport");

  final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          2,
          Thread.ofPlatform().daemon().name("lab-apid-", 0).factory(),
          NioIoHandler.newFactory());
  final ExecutorService work =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lab-rpc-", 0).factory());

  ApidThreads() {
    TRANSPORT.setLevel(Level.WARNING);
    TERMINATED.setLevel(Level.WARNING);
  }

  @Override
  public void close() {
    work.shutdownNow();
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
