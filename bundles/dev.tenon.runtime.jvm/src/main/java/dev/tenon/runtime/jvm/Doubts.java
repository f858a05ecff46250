package dev.tenon.runtime.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of which a force failed.
///
/// After such an error the system may show bytes that it will never write: a later force says yes, and a power loss
/// takes them. So whoever opens such a file next gets a copy that was forced ([FolderVolume#renew]). A note outlives
/// the process as a small file. It is not forced: what it tells of lies in the page cache too, and goes with it. So a
/// note that a power loss has left as zeros or as garbage tells of nothing any more. One that cannot be read tells of a
/// file that nobody knows: it is said and kept, and keeps no node from starting.
final class Doubts {
  private static final Logger log = LoggerFactory.getLogger(Doubts.class);
  private static final int PATH_BYTES_MAX = 4_096;

  private final FileLayer layer;
  private final Path root;
  private final Supplier<Path> names;
  private final ReentrantLock lock = new ReentrantLock();
  /// By path, the file that notes it.
  private final TreeMap<Path, Path> notes = new TreeMap<>();

  /// @param folder of the notes, which exists
  /// @param names gives each note a name
  Doubts(FileLayer layer, Path root, Path folder, Supplier<Path> names) throws IOException {
    this.layer = layer;
    this.root = root;
    this.names = names;
    for (var note : layer.entries(folder)) {
      try {
        var path = told(note);
        if (path == null) {
          layer.delete(note);
        } else {
          notes.put(path, note);
        }
      } catch (IOException e) {
        log.atWarn().addKeyValue("note", note).addKeyValue("reason", e.getMessage())
            .log("a force of some file has failed once; which one cannot be read");
      }
    }
  }

  /// @return null where the note is none: cut when the process ended, whose force had not returned, or left so by a
  ///     power loss
  private @Nullable Path told(Path note) throws IOException {
    var is = layer.attributes(note);
    if (is == null || is.size() > PATH_BYTES_MAX) {
      return null;
    }
    var bytes = ByteBuffer.wrap(layer.read(note));
    try {
      var path = root.resolve(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString()).normalize();
      return path.equals(root) || !path.startsWith(root) ? null : path;
    } catch (CharacterCodingException | InvalidPathException e) {
      return null;
    }
  }

  boolean holds(Path path) {
    lock.lock();
    try {
      return notes.containsKey(path);
    } finally {
      lock.unlock();
    }
  }

  void note(Path path) {
    lock.lock();
    try {
      if (!notes.containsKey(path)) {
        var note = names.get();
        notes.put(path, note);
        write(note, root.relativize(path).toString());
      }
    } finally {
      lock.unlock();
    }
  }

  /// The file was written anew, or is gone.
  void settle(Path path) throws IOException {
    lock.lock();
    try {
      var note = notes.get(path);
      if (note != null) {
        layer.delete(note);
        notes.remove(path);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What lies in a folder is about to be found in another one.
  void follow(Path from, Path to) {
    within(from).forEach(path -> note(to.resolve(from.relativize(path))));
  }

  /// A folder is gone with all that is in it.
  void forget(Path folder) throws IOException {
    for (var path : within(folder)) {
      settle(path);
    }
  }

  private List<Path> within(Path folder) {
    lock.lock();
    try {
      return notes.keySet().stream().filter(path -> path.startsWith(folder)).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Where it cannot be written this process knows it all the same.
  private void write(Path note, String text) {
    try (var channel = layer.open(note, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        layer.write(channel, note, bytes, bytes.position());
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("file", text).addKeyValue("reason", e.getMessage())
          .log("a failed force is noted in memory only");
    }
  }
}
