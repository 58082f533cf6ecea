package dev.pvebot.integrations.lab.talos;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The threads that the machine APIs of one lab share.
final class ApidThreads implements AutoCloseable {
  final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          2,
          Thread.ofPlatform().daemon().name("lab-apid-", 0).factory(),
          NioIoHandler.newFactory());
  final ExecutorService work =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lab-rpc-", 0).factory());

  @Override
  public void close() {
    work.shutdownNow();
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
