package dev.pvebot.integrations.lab.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Listens on one address and answers each request on a virtual thread of its own.
///
/// It gives the lab what a web framework hides: free reason phrases, replies cut in the middle, and
/// connections that are reset or left hanging.
public final class HttpListener implements AutoCloseable {
  /// The threads that all listeners of a lab share.
  public static final class Threads implements AutoCloseable {
    private final EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            2,
            Thread.ofPlatform().daemon().name("lab-wire-", 0).factory(),
            NioIoHandler.newFactory());
    private final ExecutorService work =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("lab-call-", 0).factory());

    @Override
    public void close() {
      work.shutdownNow();
      var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static final int LARGEST_UPLOAD = 256 << 20;
  private static final int LARGEST_FRAME = 4 << 20;

  private final Threads threads;
  private final Optional<SslContext> tls;
  private final Function<Request, Reply> answer;
  private final Function<Request, Optional<Socket.Listener>> sockets;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel channel;

  /// @param address port 0 takes a free one
  /// @throws IOException if the address cannot be bound
  public HttpListener(
      Threads threads,
      InetSocketAddress address,
      Optional<SslContext> tls,
      Function<Request, Reply> answer)
      throws IOException {
    this(threads, address, tls, answer, Frames::none);
  }

  /// @param address port 0 takes a free one
  /// @param sockets who listens where a WebSocket is asked for; empty refuses it
  /// @throws IOException if the address cannot be bound
  public HttpListener(
      Threads threads,
      InetSocketAddress address,
      Optional<SslContext> tls,
      Function<Request, Reply> answer,
      Function<Request, Optional<Socket.Listener>> sockets)
      throws IOException {
    this.threads = threads;
    this.tls = tls;
    this.answer = answer;
    this.sockets = sockets;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(threads.loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Pipeline())
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "The lab cannot listen on %s:%d: %s. Choose another subnet or port."
              .formatted(address.getHostString(), address.getPort(), String.valueOf(bound.cause())),
          bound.cause());
    }
    this.channel = bound.channel();
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /// Stops listening and resets every connection, as a node does that loses power.
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    open.forEach(HttpListener::reset);
  }

  static void reset(Channel connection) {
    connection
        .eventLoop()
        .execute(() -> {
          if (connection.isActive()) {
            connection.config().setOption(ChannelOption.SO_LINGER, 0);
          }
          connection.unsafe().closeForcibly();
        });
  }

  private final class Pipeline extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel connection) {
      open.add(connection);
      tls.ifPresent(context -> connection.pipeline().addLast("tls", new TlsOrRedirect(context)));
      connection
          .pipeline()
          .addLast(new HttpServerCodec(4096, 8192, 8192))
          .addLast(new HttpObjectAggregator(LARGEST_UPLOAD))
          .addLast(new Exchange());
    }
  }

  /// Speaks TLS, and lets plain HTTP through to be told where to go, as pveproxy does.
  private static final class TlsOrRedirect extends OptionalSslHandler {
    private TlsOrRedirect(SslContext context) {
      super(context);
    }

    @Override
    protected String newSslHandlerName() {
      return "tls";
    }
  }

  private final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
      Request request = read(message, peer(context));
      boolean keepAlive = HttpUtil.isKeepAlive(message);
      if (tls.isPresent() && context.pipeline().get(SslHandler.class) == null) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        String host = request.header("host").orElse("localhost");
        send(
            context,
            Reply.of(reads ? 301 : 308, reads ? "Moved Permanently" : "Permanent Redirect", "", "")
                .withHeaders(Map.of("Location", "https://" + host + message.uri())),
            false);
        return;
      }
      if (request.header("upgrade").filter("websocket"::equalsIgnoreCase).isPresent()) {
        upgrade(context, message, request);
        return;
      }
      threads.work.execute(() -> {
        Reply reply = answer.apply(request);
        if (!reply.delay().isZero()) {
          try {
            Thread.sleep(reply.delay());
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
          }
        }
        send(context, reply, keepAlive);
      });
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest message, Request request) {
      Optional<Socket.Listener> listener = sockets.apply(request);
      if (listener.isEmpty()) {
        send(context, Reply.of(404, "Not Found", "", ""), false);
        return;
      }
      Frames frames = new Frames(context.channel(), listener.get());
      WebSocketServerHandshaker handshaker =
          new WebSocketServerHandshakerFactory(request.path(), null, true, LARGEST_FRAME)
              .newHandshaker(message);
      handshaker
          .handshake(context.channel(), message)
          .addListener(_ -> {
            context.pipeline().replace(this, "frames", frames);
            listener.get().opened(frames);
          });
    }

    private void send(ChannelHandlerContext context, Reply reply, boolean keepAlive) {
      switch (reply.delivery()) {
        case RESET -> {
          reset(context.channel());
          reply.whenFlushed().ifPresent(Runnable::run);
        }
        case SILENCE -> reply.whenFlushed().ifPresent(Runnable::run);
        case WHOLE, HALF_AS_WHOLE -> {
          boolean close = !keepAlive || reply.status() >= 400;
          int length =
              reply.delivery() == Reply.Delivery.WHOLE
                  ? reply.body().length
                  : reply.body().length / 2;
          FullHttpResponse response =
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1,
                  status(reply),
                  Unpooled.wrappedBuffer(reply.body(), 0, length));
          reply.headers().forEach((name, value) -> response.headers().set(name, value));
          response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, length);
          if (close) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
          }
          finish(context.writeAndFlush(response), reply, close);
        }
        case STREAM -> {
          DefaultHttpResponse response =
              new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(reply));
          reply.headers().forEach((name, value) -> response.headers().set(name, value));
          HttpUtil.setTransferEncodingChunked(response, true);
          var _ = context.writeAndFlush(response);
          Runnable end = reply.stream().orElseThrow().begin(part(context));
          context.channel().closeFuture().addListener(_ -> threads.work.execute(end));
        }
        case HALF -> {
          DefaultHttpResponse response =
              new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(reply));
          reply.headers().forEach((name, value) -> response.headers().set(name, value));
          response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
          var _ = context.write(response);
          ByteBuf half = Unpooled.wrappedBuffer(reply.body(), 0, reply.body().length / 2);
          finish(context.writeAndFlush(new DefaultHttpContent(half)), reply, true);
        }
      }
    }

    /// Takes the parts of a stream; an empty one ends it.
    private Consumer<byte[]> part(ChannelHandlerContext context) {
      return bytes -> {
        ChannelFuture written =
            context.writeAndFlush(
                bytes.length == 0
                    ? LastHttpContent.EMPTY_LAST_CONTENT
                    : new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
        if (bytes.length == 0) {
          written.addListener(ChannelFutureListener.CLOSE);
        }
      };
    }

    private void finish(ChannelFuture written, Reply reply, boolean close) {
      reply.whenFlushed().ifPresent(then -> written.addListener(_ -> threads.work.execute(then)));
      if (close) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }

  private static HttpResponseStatus status(Reply reply) {
    return new HttpResponseStatus(reply.status(), reply.reason());
  }

  private static Optional<String> peer(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(tls.engine().getSession().getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException _) {
      return Optional.empty();
    }
  }

  private static Request read(FullHttpRequest message, Optional<String> peer) {
    String uri = message.uri();
    int question = uri.indexOf('?');
    Map<String, String> headers = new HashMap<>();
    message
        .headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    byte[] body = new byte[message.content().readableBytes()];
    message.content().readBytes(body);
    return new Request(
        message.method().name(),
        question < 0 ? uri : uri.substring(0, question),
        question < 0 ? "" : uri.substring(question + 1),
        headers,
        body,
        peer);
  }

  /// The body as text.
  public static String text(Request request) {
    return new String(request.body(), UTF_8);
  }
}
