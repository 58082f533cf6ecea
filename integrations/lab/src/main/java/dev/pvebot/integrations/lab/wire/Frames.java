package dev.pvebot.integrations.lab.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;

/// Frames of one WebSocket, after its handshake.
final class Frames extends SimpleChannelInboundHandler<WebSocketFrame> implements Socket {
  private final Channel channel;
  private final Listener listener;
  private volatile boolean silent;

  Frames(Channel channel, Listener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    if (silent) {
      return;
    }
    switch (frame) {
      case TextWebSocketFrame text -> listener.text(this, text.text());
      case PingWebSocketFrame ping -> {
        var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      }
      case CloseWebSocketFrame close -> {
        var _ = context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
      }
      default -> {
        // pongs and binary frames mean nothing here
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    listener.closed(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  @Override
  public void send(String text) {
    if (!silent) {
      var _ = channel.writeAndFlush(new TextWebSocketFrame(text));
    }
  }

  @Override
  public void close(int code, String reason) {
    var _ =
        channel
            .writeAndFlush(new CloseWebSocketFrame(code, reason))
            .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void reset() {
    HttpListener.reset(channel);
  }

  @Override
  public void fallSilent() {
    silent = true;
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  /// Nobody is asked for a WebSocket here.
  static Optional<Listener> none(Request request) {
    return Optional.empty();
  }
}
