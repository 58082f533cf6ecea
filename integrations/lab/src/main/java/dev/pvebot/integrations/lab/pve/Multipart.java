package dev.pvebot.integrations.lab.pve;

import dev.pvebot.integrations.lab.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The fields of a storage upload. A file is represented by its name (`filename`) and its length
/// (`tmpfilename`, as PVE calls the place where it keeps the bytes).
final class Multipart {
  private Multipart() {}

  static Map<String, Object> fields(Request request) {
    Map<String, Object> fields = new LinkedHashMap<>();
    String type = request.header("content-type").orElse("");
    int at = type.indexOf("boundary=");
    if (at < 0) {
      throw ApiError.of(400, "missing boundary");
    }
    String boundary = "--" + type.substring(at + 9).replace("\"", "").split(";", 2)[0];
    String body = new String(request.body(), StandardCharsets.ISO_8859_1);
    for (String part : body.split(java.util.regex.Pattern.quote(boundary), -1)) {
      int head = part.indexOf("\r\n\r\n");
      if (head < 0) {
        continue;
      }
      String headers = part.substring(0, head);
      String content = part.substring(head + 4, Math.max(head + 4, part.length() - 2));
      String name = attribute(headers, "name");
      String file = attribute(headers, "filename");
      if (file.isEmpty()) {
        fields.put(name, content);
      } else {
        fields.put("filename", file);
        fields.put("tmpfilename", "/var/tmp/pveupload-" + content.length());
      }
    }
    return fields;
  }

  private static String attribute(String headers, String name) {
    java.util.regex.Matcher matcher =
        java.util.regex.Pattern.compile("[; ]" + name + "=\"?([^\";\r\n]*)").matcher(headers);
    return matcher.find() ? matcher.group(1) : "";
  }
}
