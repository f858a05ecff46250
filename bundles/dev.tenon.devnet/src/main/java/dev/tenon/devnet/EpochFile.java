package dev.tenon.devnet;

import dev.tenon.codec.ConfigException;
import dev.tenon.consensus.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The epochs that were announced, one a line, the newest last. Journals hold what belongs to them, so no later start
/// may begin below the newest, or not know the one before: engines would refuse what they signed themselves, and the
/// certificates that the next chunks name as their parents.
final class EpochFile {
  /// How many are kept, and known to engines.
  static final int EPOCHS_KEPT = 16;
  private static final int BYTES_MAX = EPOCHS_KEPT * 20;
  private final Path file;

  /// @param directory the devnet's; made where absent
  EpochFile(Path directory) {
    this.file = directory.resolve("committee").resolve("epochs");
  }

  /// @return ascending; empty where none was announced yet
  List<Epoch> announced() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      String text = Files.size(file) > BYTES_MAX ? "too long" : Files.readString(file, StandardCharsets.ISO_8859_1);
      List<Epoch> epochs = new ArrayList<>();
      for (String line : text.lines().toList()) {
        long value = line.matches("[0-9]{1,19}") ? Long.parseUnsignedLong(line) : -1;
        if (value < 0 || (!epochs.isEmpty() && value <= epochs.getLast().value()) || epochs.size() == EPOCHS_KEPT) {
          throw new ConfigException(file.toString(), line, "the epochs that were announced, ascending, at most "
              + EPOCHS_KEPT);
        }
        epochs.add(new Epoch(value));
      }
      return epochs;
    } catch (IOException e) {
      throw new UncheckedIOException("the epochs cannot be read from " + file, e);
    }
  }

  /// Durable on return.
  ///
  /// @param epochs ascending, at most [#EPOCHS_KEPT]
  void keep(List<Epoch> epochs) {
    Path draft = file.resolveSibling("epochs.new");
    String text = epochs.stream().map(epoch -> epoch.value() + "\n").collect(Collectors.joining());
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING)) {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the epochs cannot be kept in " + file, e);
    }
  }
}
