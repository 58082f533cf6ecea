package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.pvebot.integrations.lab.talos.proto.common.Metadata;
import dev.pvebot.integrations.lab.talos.proto.common.RpcStatus;
import io.grpc.ForwardingServerCall;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/// A call that goes to several nodes at once: replies are put together and each entry says whose it
/// is; a node that fails is an entry with an error (apid's backend/apid.go).
final class FanOut<Q, A> extends ServerCall.Listener<Q> {
  private final ServerCall<Q, A> call;
  private final boolean streams;
  private final List<ServerCall.Listener<Q>> legs = new ArrayList<>();
  private final List<Message> entries = new ArrayList<>();
  private int open;
  private boolean headersSent;

  FanOut(ServerCall<Q, A> call, int nodes) {
    this.call = call;
    this.open = nodes;
    this.streams = !call.getMethodDescriptor().getType().serverSendsOneMessage();
  }

  synchronized void add(ServerCall.Listener<Q> leg) {
    legs.add(leg);
  }

  /// The call as one of the nodes sees it.
  ServerCall<Q, A> leg(String address) {
    return new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(io.grpc.Metadata headers) {
        synchronized (FanOut.this) {
          if (!headersSent) {
            headersSent = true;
            super.sendHeaders(headers);
          }
        }
      }

      @Override
      public void sendMessage(A message) {
        Metadata whose = Metadata.newBuilder().setHostname(address).build();
        synchronized (FanOut.this) {
          take((Message) message, whose);
        }
      }

      @Override
      public void close(Status status, io.grpc.Metadata trailers) {
        if (status.isOk()) {
          synchronized (FanOut.this) {
            done();
          }
        } else {
          failed(address, status);
        }
      }
    };
  }

  /// A node that did not answer.
  synchronized void failed(String address, Status status) {
    Metadata whose =
        Metadata.newBuilder()
            .setHostname(address)
            .setError(
                "rpc error: code = %s desc = %s"
                    .formatted(status.getCode(), String.valueOf(status.getDescription())))
            .setStatus(
                RpcStatus.newBuilder()
                    .setCode(status.getCode().value())
                    .setMessage(String.valueOf(status.getDescription())))
            .build();
    Message empty = prototype();
    FieldDescriptor messages = empty.getDescriptorForType().findFieldByName("messages");
    if (messages != null) {
      Message.Builder entry = empty.newBuilderForType().newBuilderForField(messages);
      empty = empty.toBuilder().addRepeatedField(messages, entry.build()).build();
    }
    take(empty, whose);
    done();
  }

  private Message prototype() {
    return (Message)
        java.util.Objects.requireNonNull(
            ((io.grpc.MethodDescriptor.PrototypeMarshaller<A>)
                    call.getMethodDescriptor().getResponseMarshaller())
                .getMessagePrototype());
  }

  private void take(Message message, Metadata whose) {
    if (streams) {
      if (!headersSent) {
        headersSent = true;
        call.sendHeaders(new io.grpc.Metadata());
      }
      send(signed(message, whose));
      return;
    }
    FieldDescriptor messages = message.getDescriptorForType().findFieldByName("messages");
    for (Object entry : (List<?>) message.getField(messages)) {
      entries.add(signed((Message) entry, whose));
    }
  }

  private static Message signed(Message message, Metadata whose) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("metadata");
    return field == null ? message : message.toBuilder().setField(field, whose).build();
  }

  private void done() {
    open--;
    if (open > 0) {
      return;
    }
    if (!headersSent) {
      headersSent = true;
      call.sendHeaders(new io.grpc.Metadata());
    }
    if (!streams) {
      Message.Builder whole = prototype().newBuilderForType();
      FieldDescriptor messages = whole.getDescriptorForType().findFieldByName("messages");
      entries.forEach(entry -> whole.addRepeatedField(messages, entry));
      send(whole.build());
    }
    call.close(Status.OK, new io.grpc.Metadata());
  }

  @SuppressWarnings("unchecked")
  private void send(Message message) {
    call.sendMessage((A) message);
  }

  private synchronized List<ServerCall.Listener<Q>> all() {
    return List.copyOf(legs);
  }

  @Override
  public void onMessage(Q message) {
    all().forEach(leg -> leg.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    all().forEach(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    all().forEach(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    all().forEach(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    all().forEach(ServerCall.Listener::onReady);
  }
}
