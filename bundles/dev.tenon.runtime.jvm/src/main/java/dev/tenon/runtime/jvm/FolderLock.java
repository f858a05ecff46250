package dev.tenon.runtime.jvm;

import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The lock of a data folder: `~lock` is locked, `~holder` says by whom.
///
/// A system may take all locks of a process on a file away when any of its descriptors of it is closed. So a process
/// that holds the folder, as `~holder` tells, never opens `~lock` a second time.
final class FolderLock {
  private static final int HOLDER_BYTES_MAX = 64;

  private final FileChannel channel;
  private final Path holder;

  private FolderLock(FileChannel channel, Path holder) {
    this.channel = channel;
    this.holder = holder;
  }

  /// @throws StorageFailedException if another node has it
  static FolderLock take(Path folder) throws IOException {
    var holder = folder.resolve("~holder");
    String self = self();
    if (self.contains(" ") && read(holder).equals(self)) {
      throw inUse(folder, self);
    }
    var channel = FileChannel.open(folder.resolve("~lock"), StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = tryLock(channel);
      if (!taken) {
        throw inUse(folder, read(holder));
      }
      Files.writeString(holder, self, StandardCharsets.US_ASCII);
      return new FolderLock(channel, holder);
    } catch (IOException e) {
      taken = false;
      throw e;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  void release() throws IOException {
    Files.deleteIfExists(holder);
    channel.close();
  }

  private static StorageFailedException inUse(Path folder, String holder) {
    int end = holder.indexOf(' ');
    return new StorageFailedException("data folder " + folder + " is in use by another node"
        + (end < 0 ? "" : " (process " + holder.substring(0, end) + ")"));
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // this process holds it
      return false;
    }
  }

  /// The process and when it began, because numbers are used again; the number alone where that is not known.
  private static String self() {
    var process = ProcessHandle.current();
    return process.pid() + process.info().startInstant().map(start -> " " + start.toEpochMilli()).orElse("");
  }

  private static String read(Path holder) throws IOException {
    return !Files.exists(holder) || Files.size(holder) > HOLDER_BYTES_MAX
        ? ""
        : Files.readString(holder, StandardCharsets.ISO_8859_1);
  }
}
