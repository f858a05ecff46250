package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
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
  private final Gate gate = new Gate(this::closeAll);
  /// By path.
  private final ConcurrentHashMap<Path, FileBlob> open = new ConcurrentHashMap<>();

  FolderView(FolderVolume volume, Path folder, String location) {
    this.volume = volume;
    this.folder = folder;
    this.location = location;
  }

  @Override
  public Blob open(String partition, byte[] name) {
    return guard(partition, name, path -> {
      checkNotOpen(path);
      volume.layer().createFolders(FolderVolume.parent(path));
      if (volume.doubts().holds(path)) {
        volume.renew(path, this::checkGoesOn);
      }
      var channel = volume.layer().open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
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
      for (var entry : volume.layer().entries(path)) {
        String file = String.valueOf(entry.getFileName());
        var attributes = volume.layer().attributes(entry);
        if (attributes == null) {
          continue; // removed meanwhile
        }
        if (!HEX.matcher(file).matches() || !attributes.isRegularFile()) {
          throw new CorruptionException(partition, file, 0, "a file named in lower-case hex", "another entry");
        }
        names.add(HexFormat.of().parseHex(file));
      }
      names.sort(Arrays::compareUnsigned);
      return names;
    });
  }

  @Override
  public List<String> partitions() {
    return call("location " + location, () -> volume.folders(folder, PARTITION));
  }

  @Override
  public void remove(String partition, byte[] name) {
    guard(partition, name, path -> {
      checkNotOpen(path);
      var parent = FolderVolume.parent(path);
      if (volume.layer().attributes(parent) != null) {
        volume.layer().delete(path);
        volume.layer().forceFolder(parent); // even if it is absent: an unforced removal may be all that was seen
      }
      volume.doubts().settle(path);
      return true;
    });
  }

  @Override
  public void replace(String partition, byte[] name, ByteBuffer whole) {
    guard(partition, name, path -> {
      checkNotOpen(path);
      volume.layer().createFolders(FolderVolume.parent(path));
      volume.write(path, this::checkGoesOn, (channel, fresh) -> {
        long position = 0;
        while (whole.hasRemaining()) {
          position += volume.layer().write(channel, fresh, whole, position);
        }
      });
      volume.doubts().settle(path);
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
    return volume.call(what, () -> {
      if (!gate.enter()) {
        throw new FencedException("storage of " + location + " was revoked: " + what);
      }
      try {
        return io.call();
      } finally {
        gate.leave();
      }
    });
  }

  /// For a long call, between two of its parts and right before what cannot be taken back.
  ///
  /// @throws FencedException if the view is being revoked meanwhile
  void checkGoesOn() {
    volume.checkGoesOn();
    if (gate.isShut()) {
      throw new FencedException("storage of " + location + " was revoked");
    }
  }

  /// Shuts the view and waits until no call is inside; its files are closed then.
  void end() {
    gate.shut();
    gate.awaitRest();
  }

  void closed(FileBlob blob, Path path) {
    open.remove(path, blob);
    volume.closed(blob);
  }

  private void closeAll() {
    FileBlob.each(open.values(), FileBlob::close);
  }

  private void syncTogether(List<FileBlob> blobs) {
    var barrier = new Barrier(blobs.size());
    for (int i = 1; i < blobs.size(); i++) {
      var blob = blobs.get(i);
      if (!volume.runtime().pools().syncers().execute(() -> barrier.force(blob))) {
        barrier.force(blob);
      }
    }
    if (!blobs.isEmpty()) {
      barrier.force(blobs.getFirst());
    }
    barrier.await();
    FileBlob.makeExistenceKnown(blobs);
  }

  /// Forces that run side by side.
  private static final class Barrier {
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch done;

    Barrier(int forces) {
      done = new CountDownLatch(forces);
    }

    void force(FileBlob blob) {
      try {
        blob.forceRound();
      } catch (RuntimeException | Error e) { // an error too: whoever waits must not take it for done
        failure.compareAndSet(null, e);
      } finally {
        done.countDown();
      }
    }

    /// Returns when all have ended, well or not.
    void await() {
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
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new StorageFailedException("a barrier failed", e);
      }
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
    if (open.putIfAbsent(path, blob) == null) {
      volume.opened(blob);
    } else {
      blob.release();
      Check.that(false, "one living handle a blob");
    }
  }

  private void checkNotOpen(Path path) {
    Check.that(!open.containsKey(path), "the blob is not open");
  }

  private static String text(String partition, byte[] name) {
    return "partition " + partition + ", blob " + HexFormat.of().formatHex(name);
  }

  /// @return an error for an object that failed before
  static StorageFailedException dead(String what, String why) {
    return new StorageFailedException(what + ": dead since " + why);
  }
}
