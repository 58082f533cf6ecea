package dev.pvebot.integrations.talos.api;

import dev.pvebot.clusters.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/// The one file in the archive that the Kubeconfig call sends. Talos' archive ends right after the
/// file, without the padding and the end blocks of a tar, so a reader of archives would stumble.
final class KubeconfigArchive {
  private static final int HEADER = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int LARGEST = 1 << 20;

  private KubeconfigArchive() {}

  static Secret read(byte[] archive) throws IOException {
    try (InputStream tar = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      byte[] header = tar.readNBytes(HEADER);
      if (header.length < HEADER) {
        throw new IOException("the node's kubeconfig archive is empty");
      }
      String size =
          new String(header, SIZE_AT, SIZE_LENGTH, StandardCharsets.US_ASCII)
              .replace("\0", "")
              .strip();
      int length = Integer.parseInt(size, 8);
      if (length > LARGEST) {
        throw new IOException("the node's kubeconfig is larger than 1 MiB");
      }
      byte[] content = tar.readNBytes(length);
      if (content.length < length) {
        throw new IOException("the node's kubeconfig archive ends too early");
      }
      return new Secret(new String(content, StandardCharsets.UTF_8));
    } catch (NumberFormatException damaged) {
      throw new IOException("the node's kubeconfig archive is damaged", damaged);
    }
  }
}
