package dev.pvebot.integrations.talos.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.pvebot.integrations.talos.wire.cosi.GetRequest;
import dev.pvebot.integrations.talos.wire.cosi.ListRequest;
import dev.pvebot.integrations.talos.wire.cosi.StateGrpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A node's resources (COSI). Reads only: Talos refuses anything else. Of the two forms that a node
/// sends, the YAML one is read.
public final class Resources {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Line line;
  private final Duration patience;

  Resources(Line line, Duration patience) {
    this.line = line;
    this.patience = patience;
  }

  /// Everything of a kind.
  public List<Resource> list(Kind kind) throws InterruptedException {
    List<Resource> found = new ArrayList<>();
    line.follow(
        "List " + kind.type(),
        false,
        channel ->
            StateGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Line.millis(patience), TimeUnit.MILLISECONDS)
                .list(
                    ListRequest.newBuilder()
                        .setNamespace(kind.namespace())
                        .setType(kind.type())
                        .build()),
        response -> found.add(read(kind, response.getResource())));
    return List.copyOf(found);
  }

  /// One resource; empty when the node has none of that name.
  public Optional<Resource> get(Kind kind, String id) throws InterruptedException {
    try {
      return Optional.of(
          read(
              kind,
              line.call(
                      "Get " + kind.type(),
                      false,
                      channel ->
                          StateGrpc.newBlockingStub(channel)
                              .withDeadlineAfter(Line.millis(patience), TimeUnit.MILLISECONDS)
                              .get(
                                  GetRequest.newBuilder()
                                      .setNamespace(kind.namespace())
                                      .setType(kind.type())
                                      .setId(id)
                                      .build()))
                  .getResource()));
    } catch (TalosFailure failure) {
      if (failure.code() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private Resource read(Kind kind, dev.pvebot.integrations.talos.wire.cosi.Resource resource) {
    var metadata = resource.getMetadata();
    return new Resource(
        metadata.getNamespace(),
        metadata.getType(),
        metadata.getId(),
        metadata.getVersion(),
        metadata.getPhase(),
        body(kind, resource.getSpec().getYamlSpec()));
  }

  private JsonNode body(Kind kind, String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException unreadable) {
      // without the text: a machine configuration holds keys
      throw TalosFailure.of(
          line.node(),
          "Get " + kind.type(),
          Status.DATA_LOSS
              .withDescription("the node sent a resource that is no YAML")
              .asRuntimeException(),
          false);
    }
  }
}
