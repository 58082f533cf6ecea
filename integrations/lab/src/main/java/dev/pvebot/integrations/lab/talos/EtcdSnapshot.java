package dev.pvebot.integrations.lab.talos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// What etcd held at one revision, and its file: a bbolt database that etcd's own tools read, with
/// the SHA-256 of it behind.
///
/// The database is the smallest that is valid: two meta pages, a freelist, and one leaf page whose
/// buckets are inline. Layout: go.etcd.io/bbolt, `internal/common`.
record EtcdSnapshot(long revision, Map<String, String> keys) {
  private static final int PAGE = 4096;
  private static final int HASH = 32;
  private static final int HEADER = 16;
  private static final int LEAF = 2;
  private static final int META = 4;
  private static final int FREELIST = 16;
  private static final int MAGIC = 0xED0CDAED;

  EtcdSnapshot {
    keys = Map.copyOf(keys);
  }

  /// A snapshot that cannot be used; the message is etcd's.
  static final class Corrupt extends Exception {
    private static final long serialVersionUID = 1;

    Corrupt(String message) {
      super(message);
    }
  }

  // --- writing ------------------------------------------------------------------------------

  byte[] file() {
    Map<byte[], byte[]> keyBucket = new LinkedHashMap<>();
    long number = Math.max(1, revision - keys.size());
    for (Map.Entry<String, String> entry : new TreeMap<>(keys).entrySet()) {
      number++;
      keyBucket.put(revisionKey(number), keyValue(entry.getKey(), entry.getValue(), number));
    }
    Map<byte[], byte[]> meta = new LinkedHashMap<>();
    meta.put("consistent_index".getBytes(UTF_8), big(revision));
    meta.put("storageVersion".getBytes(UTF_8), "3.6.0".getBytes(UTF_8));
    meta.put("term".getBytes(UTF_8), big(2));
    Map<byte[], byte[]> root = new LinkedHashMap<>();
    root.put("key".getBytes(UTF_8), inline(keyBucket));
    root.put("meta".getBytes(UTF_8), inline(meta));
    byte[] leaf = page(3, root, 1);
    int pages = 3 + (leaf.length + PAGE - 1) / PAGE;
    ByteBuffer file = ByteBuffer.allocate(pages * PAGE + HASH).order(ByteOrder.LITTLE_ENDIAN);
    meta(file, 0, pages);
    meta(file, 1, pages);
    header(file, 2 * PAGE, 2, FREELIST, 0, 0);
    file.put(3 * PAGE, leaf);
    file.putInt(3 * PAGE + 12, pages - 4);
    file.put(pages * PAGE, sha256(file.array(), pages * PAGE));
    return file.array();
  }

  private static void header(ByteBuffer to, int at, long id, int flags, int count, int overflow) {
    to.putLong(at, id);
    to.putShort(at + 8, (short) flags);
    to.putShort(at + 10, (short) count);
    to.putInt(at + 12, overflow);
  }

  private static void meta(ByteBuffer file, int page, long pages) {
    int at = page * PAGE;
    header(file, at, page, META, 0, 0);
    int body = at + HEADER;
    file.putInt(body, MAGIC);
    file.putInt(body + 4, 2);
    file.putInt(body + 8, PAGE);
    file.putLong(body + 16, 3); // the root bucket's page
    file.putLong(body + 32, 2); // the freelist's page
    file.putLong(body + 40, pages);
    file.putLong(body + 48, page);
    file.putLong(body + 56, fnv(Arrays.copyOfRange(file.array(), body, body + 56)));
  }

  private static long fnv(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : bytes) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  private static byte[] inline(Map<byte[], byte[]> entries) {
    byte[] page = page(0, entries, 0);
    return ByteBuffer.allocate(16 + page.length).put(16, page).array();
  }

  private static byte[] page(long id, Map<byte[], byte[]> entries, int elementFlags) {
    int size =
        HEADER
            + entries.entrySet().stream()
                .mapToInt(e -> 16 + e.getKey().length + e.getValue().length)
                .sum();
    ByteBuffer page = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header(page, 0, id, LEAF, entries.size(), 0);
    int element = HEADER;
    int data = HEADER + 16 * entries.size();
    for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
      page.putInt(element, elementFlags);
      page.putInt(element + 4, data - element);
      page.putInt(element + 8, entry.getKey().length);
      page.putInt(element + 12, entry.getValue().length);
      page.put(data, entry.getKey());
      page.put(data + entry.getKey().length, entry.getValue());
      element += 16;
      data += entry.getKey().length + entry.getValue().length;
    }
    return page.array();
  }

  private static byte[] revisionKey(long main) {
    return ByteBuffer.allocate(17).putLong(main).put((byte) '_').putLong(0).array();
  }

  private static byte[] big(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /// etcd's mvccpb.KeyValue.
  private static byte[] keyValue(String key, String value, long revision) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeString(1, key);
      out.writeInt64(2, revision);
      out.writeInt64(3, revision);
      out.writeInt64(4, 1);
      out.writeString(5, value);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing a key into memory", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  // --- reading ------------------------------------------------------------------------------

  /// @param checkHash whether the hash behind the database must be there and right; a copied
  ///   database file has none
  static EtcdSnapshot parse(byte[] file, boolean checkHash) throws Corrupt {
    boolean hashed = file.length % 512 == HASH;
    if (checkHash && !hashed) {
      throw new Corrupt("snapshot missing hash but --skip-hash-check=false");
    }
    int length = hashed ? file.length - HASH : file.length;
    if (checkHash
        && !Arrays.equals(sha256(file, length), Arrays.copyOfRange(file, length, file.length))) {
      throw new Corrupt("expected sha256 of the snapshot differs from what it holds");
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(file, 0, length).order(ByteOrder.LITTLE_ENDIAN);
      if (length < 4 * PAGE || bytes.getInt(HEADER) != MAGIC) {
        throw new Corrupt("invalid database");
      }
      int root = Math.toIntExact(bytes.getLong(HEADER + 16)) * PAGE;
      Map<String, String> keys = new TreeMap<>();
      long revision = 1;
      for (int i = 0; i < bytes.getShort(root + 10); i++) {
        int element = root + HEADER + 16 * i;
        String bucket = new String(slice(bytes, element, true), UTF_8);
        if (bucket.equals("key")) {
          int page = element + bytes.getInt(element + 4) + bytes.getInt(element + 8) + 16;
          for (int k = 0; k < (bytes.getShort(page + 10) & 0xffff); k++) {
            int entry = page + HEADER + 16 * k;
            revision = ByteBuffer.wrap(slice(bytes, entry, true)).getLong();
            read(slice(bytes, entry, false), keys);
          }
        }
      }
      return new EtcdSnapshot(revision, keys);
    } catch (IOException
        | IndexOutOfBoundsException
        | BufferUnderflowException
        | ArithmeticException e) {
      throw new Corrupt("invalid database: " + e.getMessage());
    }
  }

  private static byte[] slice(ByteBuffer bytes, int element, boolean key) {
    int from = element + bytes.getInt(element + 4);
    int keySize = bytes.getInt(element + 8);
    byte[] slice = new byte[key ? keySize : bytes.getInt(element + 12)];
    bytes.get(key ? from : from + keySize, slice);
    return slice;
  }

  private static void read(byte[] keyValue, Map<String, String> into) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(keyValue);
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = in.readStringRequireUtf8();
        case 5 -> value = in.readStringRequireUtf8();
        default -> in.skipField(tag);
      }
    }
    into.put(key, value);
  }
}
