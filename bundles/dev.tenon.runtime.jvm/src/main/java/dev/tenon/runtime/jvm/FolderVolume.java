package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's data folder in a file system.
///
/// Beside the locations lie `~lock`, and `~holder` and `~claim-...` while the node runs ([FolderLock]), `~doubt`
/// ([Doubts]), and `~scratch`, for what is being replaced or deleted; it is emptied at each start. No location may
/// begin with `~`, so none is ever taken for data.
///
/// The folder stays locked until the last call has left, also one that outlives its node: what it still writes reaches
/// nobody else.
final class FolderVolume implements Volume {
  private static final Logger log = LoggerFactory.getLogger(FolderVolume.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final double[] FORCE_BOUNDS = {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1};

  private static final long FULL_BYTES = 4096;
  private static final int COPY_BYTES = 256 << 10;

  private final JvmRuntime runtime;
  private final FileLayer layer;
  private final Path root;
  private final Path scratch;
  private final FolderLock lock;
  private final Histogram forceSeconds;
  private final Gate gate = new Gate(this::end);
  private final Set<FileBlob> open = ConcurrentHashMap.newKeySet();
  private final Existence existence;
  private final Doubts doubts;
  /// No two runs share a name: what a former one left or still writes is never taken for this one's.
  private final String run = Long.toHexString(new SecureRandom().nextLong());
  private final AtomicLong scratchNext = new AtomicLong();

  FolderVolume(JvmRuntime runtime, Path folder, FileLayer layer) {
    this.runtime = runtime;
    this.layer = layer;
    this.root = folder.toAbsolutePath().normalize();
    this.scratch = root.resolve("~scratch");
    this.existence = new Existence(layer, root);
    this.forceSeconds = runtime.metrics().histogram("tenon_storage_force_seconds", "Time of one force of a file.",
        FORCE_BOUNDS, "node", runtime.node());
    try {
      makeRoot();
      lock = FolderLock.take(root);
    } catch (IOException e) {
      throw Failures.of("data folder " + root, e);
    }
    boolean done = false;
    try {
      emptyScratch();
      var notes = root.resolve("~doubt");
      layer.createFolders(notes);
      doubts = new Doubts(layer, root, notes, () -> notes.resolve(uniqueName()));
      done = true;
    } catch (IOException e) {
      throw Failures.of("data folder " + root, e);
    } finally {
      if (!done) {
        gate.shut();
      }
    }
  }

  /// The folder itself and the one above it may have been made by a start that was killed, and whatever is missing is
  /// made now: their entries are forced, or all that is acknowledged could go with them.
  private void makeRoot() throws IOException {
    var first = parent(root);
    while (layer.attributes(parent(first)) == null) {
      first = parent(first);
    }
    layer.createFolders(root);
    for (var path = parent(first); !path.equals(root); path = path.resolve(path.relativize(root).getName(0))) {
      try {
        layer.forceFolder(path);
      } catch (AccessDeniedException e) {
        log.atDebug().addKeyValue("folder", path).log("not this process's to force");
      }
    }
  }

  private void emptyScratch() throws IOException {
    if (layer.attributes(scratch) != null) {
      layer.forceFolder(scratch); // what was moved there for good may not come back in part
      deleteTree(scratch);
    }
    layer.createFolders(scratch);
  }

  @Override
  public Storage scope(String location) {
    runtime.checkCall();
    return new FolderView(this, resolve(location), location);
  }

  @Override
  public void revoke(Storage view) {
    Caller.checkMayBlock();
    Check.that(view instanceof FolderView, "a view of this runtime");
    var mine = (FolderView) view;
    Check.that(mine.volume() == this, "a view of this volume");
    mine.end();
  }

  @Override
  public List<String> locations(String parent) {
    var folder = resolve(parent);
    return call("location " + parent, () -> folders(folder, NAME));
  }

  @Override
  public void rename(String from, String to) {
    var source = resolve(from);
    var target = resolve(to);
    Check.that(!from.isEmpty() && !to.isEmpty(), "a location is renamed, not the node's folder");
    call("rename of " + from + " to " + to, () -> {
      Check.that(isFolder(source), "what is renamed exists");
      Check.that(layer.attributes(target) == null, "a new name is free");
      var parent = parent(target);
      layer.createFolders(parent);
      existence.force(parent);
      doubts.follow(source, target);
      layer.move(source, target);
      existence.forget(source);
      existence.forget(target);
      doubts.forget(source);
      layer.forceFolder(parent);
      layer.forceFolder(parent(source));
      return true;
    });
  }

  @Override
  public void delete(String location) {
    Check.that(!location.isEmpty(), "the node's folder is not deleted");
    var folder = resolve(location);
    call("delete of " + location, () -> {
      if (layer.attributes(folder) == null) {
        forceAbsence(folder);
        return true;
      }
      var dead = scratchPath();
      layer.move(folder, dead); // at once, so that no crash leaves a half location
      existence.forget(folder);
      layer.forceFolder(scratch);
      layer.forceFolder(parent(folder));
      doubts.forget(folder);
      deleteTree(dead);
      return true;
    });
  }

  @Override
  public long usedBytes(String location) {
    var folder = resolve(location);
    return call("location " + location, () -> sizeOf(folder));
  }

  @Override
  public long usableBytes() {
    runtime.checkCall();
    return Failures.guard("data folder " + root, () -> Files.getFileStore(root).getUsableSpace());
  }

  /// The second sign of a full disk, where the system's sentence is in another language.
  boolean isFull() throws IOException { return Files.getFileStore(root).getUsableSpace() < FULL_BYTES; }

  /// Lets nobody in any more, and gives the lock back once nobody is inside.
  ///
  /// @return false if some call was still inside at the end of the time: the folder stays locked until it leaves
  boolean close(long timeoutNs) {
    gate.shut();
    return gate.awaitRest(timeoutNs);
  }

  private void end() {
    try {
      FileBlob.each(open, FileBlob::release);
    } finally {
      try {
        lock.release();
      } catch (IOException e) {
        log.atWarn().addKeyValue("folder", root).addKeyValue("reason", e.getMessage()).log("a lock was not given back");
      }
    }
  }

  JvmRuntime runtime() {
    return runtime;
  }

  FileLayer layer() {
    return layer;
  }

  Doubts doubts() {
    return doubts;
  }

  Histogram forceSeconds() {
    return forceSeconds;
  }

  Path scratchPath() {
    return scratch.resolve(uniqueName());
  }

  /// One call from outside to inside: the folder is this node's until it has left.
  <T> T call(String what, Failures.Io<T> io) {
    checkGoesOn();
    Caller.checkMayBlock();
    if (!gate.enter()) {
      throw new Stopped("node " + runtime.node());
    }
    try {
      return Failures.guard(what, io);
    } finally {
      gate.leave();
    }
  }

  /// For a long call, between two of its parts.
  ///
  /// @throws Stopped if its node has ended meanwhile
  void checkGoesOn() {
    runtime.checkCall();
    if (gate.isShut()) {
      throw new Stopped("node " + runtime.node());
    }
  }

  void opened(FileBlob blob) {
    open.add(blob);
  }

  void closed(FileBlob blob) {
    open.remove(blob);
  }

  /// Makes the entries of a folder, of itself, and of those above it durable.
  void forceWithin(Path folder) throws IOException {
    layer.forceFolder(folder);
    existence.force(folder);
  }

  /// Of a file whose force failed: what is seen of it now becomes what is durable, in bytes that were never forced
  /// before.
  ///
  /// @param goesOn throws where the caller may not change the file any more
  void renew(Path path, Runnable goesOn) throws IOException {
    if (layer.attributes(path) != null) {
      try (var from = layer.open(path, StandardOpenOption.READ)) {
        write(path, goesOn, (to, fresh) -> {
          var part = ByteBuffer.allocate(COPY_BYTES);
          long position = 0;
          while (from.read(part.clear(), position) >= 0) {
            part.flip();
            while (part.hasRemaining()) {
              goesOn.run();
              position += layer.write(to, fresh, part, position);
            }
          }
        });
      }
    }
    doubts.settle(path);
  }

  /// Writes the bytes of a new file.
  interface Fill {
    void into(FileChannel channel, Path path) throws IOException;
  }

  /// Puts a new file in place of what has a name, all or nothing; durable on return.
  void write(Path path, Runnable goesOn, Fill fill) throws IOException {
    var fresh = scratchPath();
    boolean moved = false;
    try {
      try (var channel = layer.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        fill.into(channel, fresh);
        layer.force(channel, fresh);
      }
      goesOn.run();
      layer.move(fresh, path);
      moved = true;
    } finally {
      if (!moved) {
        layer.delete(fresh);
      }
    }
    forceWithin(parent(path));
  }

  /// @return the names of the folders beneath that are names of the pattern, sorted; none if it does not exist
  List<String> folders(Path folder, Pattern names) throws IOException {
    var found = new ArrayList<String>();
    for (var entry : layer.entries(folder)) {
      String name = String.valueOf(entry.getFileName());
      if (names.matcher(name).matches() && isFolder(entry)) {
        found.add(name);
      }
    }
    found.sort(null);
    return found;
  }

  static Path parent(Path path) {
    var parent = path.getParent();
    return parent == null ? path : parent;
  }

  private boolean isFolder(Path path) throws IOException {
    var attributes = layer.attributes(path);
    return attributes != null && attributes.isDirectory();
  }

  /// An earlier delete may have ended before it forced what is seen.
  private void forceAbsence(Path folder) throws IOException {
    var above = parent(folder);
    while (layer.attributes(above) == null) {
      above = parent(above);
    }
    layer.forceFolder(above);
  }

  private String uniqueName() {
    return run + "-" + scratchNext.getAndIncrement();
  }

  private Path resolve(String location) {
    var path = root;
    if (!location.isEmpty()) {
      for (String name : location.split("/", -1)) {
        Check.that(NAME.matcher(name).matches() && !name.equals(".") && !name.equals(".."),
            "a location is a path of names");
        path = path.resolve(name);
      }
    }
    return path;
  }

  /// What vanishes while it is looked at counts as nothing.
  private static long sizeOf(Path top) throws IOException {
    long[] bytes = {0};
    if (Files.isDirectory(top)) {
      Files.walkFileTree(top, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
          if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
          }
          throw failure;
        }
      });
    }
    return bytes[0];
  }

  private static void deleteTree(Path top) throws IOException {
    Files.walkFileTree(top, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
        if (failure != null) {
          throw failure;
        }
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
