package dev.tenon.runtime.jvm;

import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The lock of a data folder: `~lock` is locked, `~holder` says by whom.
///
/// A system may take all locks of a process on a file away when any of its descriptors of it is closed. So a process
/// that holds the folder, or is about to, never opens `~lock` a second time: whoever makes the process's own
/// `~claim-...` first may go on. Only where it is not known when the process began is there none, because numbers are
/// used again.
final class FolderLock {
  private static final int HOLDER_BYTES_MAX = 64;
  private static final String CLAIM = "~claim-";

  private final FileChannel channel;
  private final Path holder;
  private final @Nullable Path claim;

  private FolderLock(FileChannel channel, Path holder, @Nullable Path claim) {
    this.channel = channel;
    this.holder = holder;
    this.claim = claim;
  }

  /// @throws StorageFailedException if another node has it
  static FolderLock take(Path folder) throws IOException {
    var holder = folder.resolve("~holder");
    String self = self();
    var claim = claim(folder, self);
    FolderLock taken = null;
    try {
      taken = locked(folder, holder, claim);
      Files.writeString(holder, self, StandardCharsets.US_ASCII);
      dropOld(folder);
      return taken;
    } catch (IOException e) {
      if (taken != null) {
        taken.channel.close();
        taken = null;
      }
      throw e;
    } finally {
      if (taken == null && claim != null) {
        Files.deleteIfExists(claim);
      }
    }
  }

  /// @return null where the process has none
  private static @Nullable Path claim(Path folder, String self) throws IOException {
    if (!self.contains(" ")) {
      return null;
    }
    try {
      return Files.createFile(folder.resolve(CLAIM + self.replace(' ', '-')));
    } catch (FileAlreadyExistsException e) {
      throw inUse(folder, self);
    }
  }

  private static FolderLock locked(Path folder, Path holder, @Nullable Path claim) throws IOException {
    var channel = FileChannel.open(folder.resolve("~lock"), StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    boolean done = false;
    try {
      if (!tryLock(channel)) {
        throw inUse(folder, read(holder));
      }
      done = true;
      return new FolderLock(channel, holder, claim);
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  /// Those of processes that are no more.
  private static void dropOld(Path folder) throws IOException {
    try (var claims = Files.newDirectoryStream(folder, CLAIM + "*")) {
      for (var each : claims) {
        String of = each.getFileName().toString().substring(CLAIM.length());
        if (ProcessHandle.allProcesses().noneMatch(process -> text(process).replace(' ', '-').equals(of))) {
          Files.deleteIfExists(each);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /// Gives it back, whatever cannot be deleted. The claim goes last: until then the process opens nothing.
  void release() throws IOException {
    try {
      try {
        Files.deleteIfExists(holder);
      } finally {
        channel.close();
      }
    } finally {
      if (claim != null) {
        Files.deleteIfExists(claim);
      }
    }
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
    return text(ProcessHandle.current());
  }

  private static String text(ProcessHandle process) {
    return process.pid() + process.info().startInstant().map(start -> " " + start.toEpochMilli()).orElse("");
  }

  private static String read(Path holder) throws IOException {
    return !Files.exists(holder) || Files.size(holder) > HOLDER_BYTES_MAX
        ? ""
        : Files.readString(holder, StandardCharsets.ISO_8859_1);
  }
}
