package dev.tenon.cli;

import dev.tenon.launcher.DataPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A folder for the node of a benchmark or of a soak, below the checkout: the system's folder for temporary files may
/// be in memory, where a force costs nothing.
final class WorkFolder {
  /// What [Files#createTempDirectory] appends at most.
  private static final int RANDOM_DIGITS = 20;
  private static final String DATA = "d";

  private WorkFolder() {}

  /// Makes one that is empty.
  ///
  /// @param home the checkout
  /// @param prefix of its name
  /// @param notes gets a line that says which kind of file system it is on, and one where that is not the checkout's
  static Path make(Path home, String prefix, Consumer<String> notes) throws IOException {
    Path state = home.toAbsolutePath().normalize().resolve(".tenon");
    Path folder;
    if (leavesRoom(state, prefix)) {
      folder = Files.createTempDirectory(Files.createDirectories(state), prefix);
    } else {
      folder = Files.createTempDirectory(prefix);
      notes.accept("files are in the folder for temporary files: the checkout's path is too long for a control socket");
    }
    notes.accept("files are on " + Files.getFileStore(folder).type());
    return folder;
  }

  /// Whether a node's data may be in a folder below.
  static boolean leavesRoom(Path parent, String prefix) {
    Path data = parent.resolve(prefix + "0".repeat(RANDOM_DIGITS)).resolve(DATA);
    return DataPath.bytes(data) <= DataPath.BYTES_MAX;
  }

  /// @return the node's data in it, which has the shortest name
  static Path data(Path folder) {
    return folder.resolve(DATA);
  }

  /// With all that is in it.
  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
