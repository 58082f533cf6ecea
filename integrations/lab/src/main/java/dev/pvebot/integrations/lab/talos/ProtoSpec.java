package dev.pvebot.integrations.lab.talos;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes a message by its field numbers. Talos' resource specs are many and each is needed in one
/// place; for these a schema of our own would say the same twice.
final class ProtoSpec {
  private final ByteString.Output bytes = ByteString.newOutput();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  private interface Write {
    void to(CodedOutputStream stream) throws IOException;
  }

  private ProtoSpec write(Write what) {
    try {
      what.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing a message into memory", e);
    }
    return this;
  }

  ProtoSpec text(int field, String value) {
    return value.isEmpty() ? this : write(o -> o.writeString(field, value));
  }

  ProtoSpec number(int field, long value) {
    return value == 0 ? this : write(o -> o.writeInt64(field, value));
  }

  ProtoSpec truth(int field, boolean value) {
    return value ? write(o -> o.writeBool(field, true)) : this;
  }

  ProtoSpec raw(int field, byte[] value) {
    return write(o -> o.writeByteArray(field, value));
  }

  ProtoSpec message(int field, ProtoSpec value) {
    ByteString inner = value.bytes();
    return write(o -> o.writeBytes(field, inner));
  }

  ByteString bytes() {
    write(CodedOutputStream::flush);
    return bytes.toByteString();
  }
}
