package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One location's storage, until it is revoked.
final class FolderView implements Storage {
  private static final int NAME_BYTES_MAX = 120;
  private static final Pattern PARTITION = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern HEX = Pattern.compile("([0-9a-f]{2}){1," + NAME_BYTES_MAX + "}");

  private final FolderVolume volume;
  private final Path folder;
  private final String location;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private final TreeMap<String, FileBlob> open = new TreeMap<>();
  private int inside;
  private boolean revoked;

  FolderView(FolderVolume volume, Path folder, String location) {
    this.volume = volume;
    this.folder = folder;
    this.location = location;
  }

  @Override
  public Blob open(String partition, byte[] name) {
    return guard(partition, name, path -> {
      var parent = FolderVolume.parent(path);
      Files.createDirectories(parent);
      var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
          StandardOpenOption.WRITE);
      var blob = new FileBlob(this, channel, path, text(partition, name));
      register(path, blob);
      return blob;
    });
  }

  @Override
  public List<byte[]> scan(String partition) {
    var path = partition(partition);
    return call("partition " + partition, () -> {
      var names = new ArrayList<byte[]>();
      if (!Files.exists(path)) {
        return names;
      }
      try (var entries = Files.newDirectoryStream(path)) {
        for (var entry : entries) {
          String file = String.valueOf(entry.getFileName());
          if (!HEX.matcher(file).matches() || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptionException(partition, file, 0, "a file named in lower-case hex", "another entry");
          }
          names.add(HexFormat.of().parseHex(file));
        }
      }
      names.sort(Arrays::compareUnsigned);
      return names;
    });
  }

  @Override
  public List<String> partitions() {
    return call("location " + location, () -> FolderVolume.folders(folder, PARTITION));
  }

  @Override
  public void remove(String partition, byte[] name) {
    guard(partition, name, path -> {
      checkNotOpen(path);
      var parent = FolderVolume.parent(path);
      if (Files.isDirectory(parent)) {
        Files.deleteIfExists(path);
        volume.forceFolder(parent); // even if it is absent: an unforced removal may have been all that was seen
      }
      return true;
    });
  }

  @Override
  public void replace(String partition, byte[] name, ByteBuffer whole) {
    guard(partition, name, path -> {
      checkNotOpen(path);
      var parent = FolderVolume.parent(path);
      Files.createDirectories(parent);
      var fresh = volume.scratchPath();
      try {
        try (var channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          while (whole.hasRemaining()) {
            channel.write(whole);
          }
          channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        Files.deleteIfExists(fresh);
        throw e;
      }
      volume.forceFolder(parent);
      volume.forceExistence(parent);
      return true;
    });
  }

  @Override
  public void syncAll(Collection<Blob> blobs) {
    var mine = new LinkedHashSet<FileBlob>();
    for (var blob : blobs) {
      Check.that(blob instanceof FileBlob, "a barrier is over blobs of this runtime");
      var file = (FileBlob) blob;
      Check.that(file.view() == this, "a barrier is over blobs of this view");
      mine.add(file);
    }
    call("location " + location, () -> {
      syncTogether(List.copyOf(mine));
      return true;
    });
  }

  @Override
  public long usableBytes() {
    return call("location " + location, () -> volume.usableBytes());
  }

  FolderVolume volume() {
    return volume;
  }

  /// One call of the owner, from outside to inside. [#end] waits for it.
  <T> T call(String what, Failures.Io<T> io) {
    volume.runtime().checkCall();
    Caller.checkMayBlock();
    lock.lock();
    try {
      if (revoked) {
        throw new FencedException("storage of " + location + " was revoked: " + what);
      }
      inside++;
    } finally {
      lock.unlock();
    }
    try {
      return Failures.guard(what, io);
    } finally {
      lock.lock();
      try {
        if (--inside == 0) {
          none.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /// Shuts the view, waits for calls inside, then frees its files.
  ///
  /// @param deadlineNs of System.nanoTime; the greatest value for none
  void end(long deadlineNs) {
    List<FileBlob> left;
    lock.lock();
    try {
      revoked = true;
      while (inside > 0) {
        long nanos = deadlineNs == Long.MAX_VALUE ? deadlineNs : deadlineNs - System.nanoTime();
        if (nanos <= 0) {
          return; // the file stays open for the call that hangs; the view is shut all the same
        }
        none.awaitNanos(nanos);
      }
      left = List.copyOf(open.values());
      open.clear();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      lock.unlock();
    }
    left.forEach(FileBlob::release);
  }

  void closed(FileBlob blob, Path path) {
    lock.lock();
    try {
      open.remove(path.toString(), blob);
    } finally {
      lock.unlock();
    }
  }

  private void syncTogether(List<FileBlob> blobs) {
    var failure = new AtomicReference<@Nullable RuntimeException>();
    var done = new CountDownLatch(Math.max(0, blobs.size() - 1));
    for (int i = 1; i < blobs.size(); i++) {
      var blob = blobs.get(i);
      Runnable force = () -> {
        try {
          blob.forceRound();
        } catch (RuntimeException e) {
          failure.compareAndSet(null, e);
        } finally {
          done.countDown();
        }
      };
      if (!volume.runtime().pools().syncers().execute(force)) {
        force.run();
      }
    }
    try {
      if (!blobs.isEmpty()) {
        blobs.getFirst().forceRound();
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
    awaitAll(done);
    var failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    var parents = new LinkedHashSet<Path>();
    for (var blob : blobs) {
      blob.unknownParent(parents);
    }
    for (var parent : parents) {
      Failures.guard("folder " + parent.getFileName(), () -> {
        volume.forceFolder(parent);
        volume.forceExistence(parent);
        return true;
      });
    }
    blobs.forEach(FileBlob::existenceKnown);
  }

  private static void awaitAll(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // not ours; a barrier that ends early would lie
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private interface OnPath<T> {
    T call(Path path) throws IOException;
  }

  private <T> T guard(String partition, byte[] name, OnPath<T> io) {
    Check.that(name.length >= 1 && name.length <= NAME_BYTES_MAX, "a blob's name is 1 to 120 bytes");
    var path = partition(partition).resolve(HexFormat.of().formatHex(name));
    return call(text(partition, name), () -> io.call(path));
  }

  private Path partition(String partition) {
    Check.that(PARTITION.matcher(partition).matches(), "a partition's name is of letters, digits, _ and -");
    return folder.resolve(partition);
  }

  private void register(Path path, FileBlob blob) {
    lock.lock();
    try {
      if (open.putIfAbsent(path.toString(), blob) == null) {
        return;
      }
    } finally {
      lock.unlock();
    }
    blob.release();
    Check.that(false, "one living handle a blob");
  }

  private void checkNotOpen(Path path) {
    lock.lock();
    try {
      Check.that(!open.containsKey(path.toString()), "the blob is not open");
    } finally {
      lock.unlock();
    }
  }

  private static String text(String partition, byte[] name) {
    return "partition " + partition + ", blob " + HexFormat.of().formatHex(name);
  }

  /// @return an error for an object that failed before
  static StorageFailedException dead(String what, String why) {
    return new StorageFailedException(what + ": dead since " + why);
  }
}
