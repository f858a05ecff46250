package dev.tenon.launcher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// How long the path of a node's data folder may be.
public final class DataPath {
  /// A Unix-domain socket's path has at most 107 bytes, and the node puts `/control/socket` below its folder.
  public static final int BYTES_MAX = 90;

  private DataPath() {}

  /// How long a path is.
  ///
  /// @param data absolute
  /// @return bytes; above [#BYTES_MAX] there is no room for the control socket
  public static int bytes(Path data) {
    return data.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
