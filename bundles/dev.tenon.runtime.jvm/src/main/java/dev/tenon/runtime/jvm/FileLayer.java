package dev.tenon.runtime.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The calls of the file system that storage makes, each as the system offers it. A test puts failing ones in their
/// place. None takes an error for an absent file.
interface FileLayer {
  default FileChannel open(Path path, OpenOption... options) throws IOException {
    return FileChannel.open(path, options);
  }

  /// @return how many bytes were written
  default int write(FileChannel channel, Path path, ByteBuffer from, long position) throws IOException {
    return channel.write(from, position);
  }

  default void truncate(FileChannel channel, Path path, long size) throws IOException {
    channel.truncate(size);
  }

  default void force(FileChannel channel, Path path) throws IOException {
    channel.force(false);
  }

  default void forceFolder(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  default void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  /// Replaces a file that has the new name.
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Absent is no error.
  default void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  /// @return those of the entry itself, not of what a link names; null if it is absent
  default @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// @return the whole of a small file
  default byte[] read(Path path) throws IOException {
    return Files.readAllBytes(path);
  }

  default void close(FileChannel channel, Path path) throws IOException {
    channel.close();
  }

  /// @return what a folder holds, in any order; nothing if it is absent
  default List<Path> entries(Path folder) throws IOException {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    return found;
  }
}
