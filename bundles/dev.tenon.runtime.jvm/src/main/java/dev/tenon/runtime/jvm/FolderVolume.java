package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.runtime.storage.Volume;
import dev.tenon.runtime.metrics.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A node's data folder in a file system.
///
/// Beside the locations lie `~lock`, held while the node runs, and `~scratch`, for what is being replaced or deleted;
/// it is emptied at each start. No location may begin with `~`, so neither is ever taken for data.
final class FolderVolume implements Volume {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final double[] FORCE_BOUNDS = {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1};

  private static final long FULL_BYTES = 4096;

  private final JvmRuntime runtime;
  private final Path root;
  private final Path scratch;
  private final FileChannel lockFile;
  private final Histogram forceSeconds;
  private final ConcurrentHashMap<FolderView, Boolean> views = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Path, Boolean> durableFolders = new ConcurrentHashMap<>();
  private final AtomicLong scratchNext = new AtomicLong();

  FolderVolume(JvmRuntime runtime, Path folder) {
    this.runtime = runtime;
    this.root = folder.toAbsolutePath().normalize();
    this.scratch = root.resolve("~scratch");
    this.forceSeconds = runtime.metrics().histogram("tenon_storage_force_seconds", "Time of one force of a file.",
        FORCE_BOUNDS, "node", runtime.node());
    try {
      Files.createDirectories(root);
      lockFile = lock(root.resolve("~lock"));
    } catch (IOException e) {
      throw Failures.of("data folder " + root, e);
    }
    try {
      if (Files.exists(scratch)) {
        deleteTree(scratch);
      }
      Files.createDirectories(scratch);
    } catch (IOException e) {
      close(0);
      throw Failures.of("data folder " + root, e);
    }
  }

  @Override
  public Storage scope(String location) {
    runtime.checkCall();
    var view = new FolderView(this, resolve(location), location);
    views.put(view, true);
    return view;
  }

  @Override
  public void revoke(Storage view) {
    Caller.checkMayBlock();
    Check.that(view instanceof FolderView, "a view of this runtime");
    var mine = (FolderView) view;
    Check.that(mine.volume() == this, "a view of this volume");
    mine.end(Long.MAX_VALUE);
    views.remove(mine);
  }

  @Override
  public List<String> locations(String parent) {
    checkCall();
    var folder = resolve(parent);
    return Failures.guard("location " + parent, () -> folders(folder, NAME));
  }

  @Override
  public void rename(String from, String to) {
    checkCall();
    var source = resolve(from);
    var target = resolve(to);
    Check.that(!from.isEmpty() && !to.isEmpty(), "a location is renamed, not the node's folder");
    Failures.guard("rename of " + from + " to " + to, () -> {
      Check.that(Files.isDirectory(source), "what is renamed exists");
      Check.that(!Files.exists(target), "a new name is free");
      var parent = parent(target);
      Files.createDirectories(parent);
      forceExistence(parent);
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
      forget(source);
      forget(target);
      forceFolder(parent);
      forceFolder(parent(source));
      return true;
    });
  }

  @Override
  public void delete(String location) {
    checkCall();
    Check.that(!location.isEmpty(), "the node's folder is not deleted");
    var folder = resolve(location);
    Failures.guard("delete of " + location, () -> {
      if (Files.exists(folder)) {
        var dead = scratchPath();
        Files.move(folder, dead, StandardCopyOption.ATOMIC_MOVE); // at once, so that no crash leaves a half location
        forget(folder);
        forceFolder(parent(folder));
        deleteTree(dead);
      }
      return true;
    });
  }

  @Override
  public long usableBytes() {
    runtime.checkCall();
    return Failures.guard("data folder " + root, () -> Files.getFileStore(root).getUsableSpace());
  }

  /// The second sign of a full disk, where the system's sentence is in another language.
  boolean isFull() throws IOException { return Files.getFileStore(root).getUsableSpace() < FULL_BYTES; }

  /// Ends all views and gives the lock back.
  void close(long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    views.keySet().forEach(view -> view.end(deadlineNs));
    try {
      lockFile.close();
    } catch (IOException e) {
      throw Failures.of("lock of " + root, e);
    }
  }

  JvmRuntime runtime() {
    return runtime;
  }

  Histogram forceSeconds() {
    return forceSeconds;
  }

  Path scratchPath() {
    return scratch.resolve(Long.toString(scratchNext.getAndIncrement()));
  }

  /// Makes the entries of a folder and of those above it durable, each once in the life of this process.
  void forceExistence(Path folder) throws IOException {
    for (var path = folder; !path.equals(root) && !durableFolders.containsKey(path); path = parent(path)) {
      forceFolder(parent(path));
      durableFolders.put(path, true);
    }
  }

  void forceFolder(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// @return the names of the folders beneath that are names of the pattern, sorted
  static List<String> folders(Path folder, Pattern names) throws IOException {
    var found = new ArrayList<String>();
    if (Files.isDirectory(folder)) {
      try (var entries = Files.newDirectoryStream(folder)) {
        for (var entry : entries) {
          String name = String.valueOf(entry.getFileName());
          if (names.matcher(name).matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            found.add(name);
          }
        }
      }
    }
    found.sort(null);
    return found;
  }

  static Path parent(Path path) {
    var parent = path.getParent();
    return parent == null ? path : parent;
  }

  private void checkCall() {
    runtime.checkCall();
    Caller.checkMayBlock();
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

  private void forget(Path folder) {
    durableFolders.keySet().removeIf(path -> path.startsWith(folder));
  }

  private static FileChannel lock(Path path) throws IOException {
    var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new StorageFailedException("data folder " + path.getParent() + " is in use by another node"
          + holder(path));
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) { // this process holds it
      return null;
    }
  }

  private static String holder(Path path) throws IOException {
    String text = Files.size(path) > 20 ? "" : Files.readString(path, StandardCharsets.ISO_8859_1);
    return text.matches("[0-9]+") ? " (process " + text + ")" : "";
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
