package dev.tenon.runtime.jvm;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.ShortReadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One open file.
final class FileBlob implements Blob {
  /// A transfer's part: the JDK keeps a buffer of this size outside of the heap for each thread.
  private static final int TRANSFER_BYTES_MAX = 1 << 20;

  private final FolderView view;
  private final FileChannel channel;
  private final Path path;
  private final String text;
  private final @Nullable StrandCell owner = Caller.strand();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition roundEnd = lock.newCondition();
  private long roundsStarted;
  private long roundsDone;
  private boolean forcing;
  private volatile boolean existenceKnown;
  private volatile @Nullable String dead;
  private volatile boolean closed;

  FileBlob(FolderView view, FileChannel channel, Path path, String text) {
    this.view = view;
    this.channel = channel;
    this.path = path;
    this.text = text;
  }

  @Override
  public long size() {
    return view.call(text, () -> {
      checkLiving();
      return channel.size();
    });
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    Check.that(offset >= 0, "an offset is not negative");
    call(() -> {
      long position = offset;
      int wanted = into.remaining();
      int limit = into.limit();
      while (into.position() < limit) {
        into.limit(Math.min(limit, into.position() + TRANSFER_BYTES_MAX));
        int count = channel.read(into, position);
        into.limit(limit);
        if (count < 0) {
          throw new ShortReadException(text + ": " + wanted + " bytes from " + offset + " wanted, size is "
              + channel.size());
        }
        position += count;
      }
      return true;
    });
  }

  @Override
  public void write(long offset, ByteBuffer from) {
    Check.that(offset >= 0, "an offset is not negative");
    change(() -> {
      long position = offset;
      int limit = from.limit();
      while (from.position() < limit) {
        view.checkGoesOn();
        from.limit(Math.min(limit, from.position() + TRANSFER_BYTES_MAX));
        try {
          position += view.volume().layer().write(channel, path, from, position);
        } finally {
          from.limit(limit);
        }
      }
      return true;
    });
  }

  @Override
  public void resize(long size) {
    Check.that(size >= 0, "a size is not negative");
    change(() -> {
      var layer = view.volume().layer();
      if (size < channel.size()) {
        layer.truncate(channel, path, size);
      } else if (size > channel.size()) {
        layer.write(channel, path, ByteBuffer.allocate(1), size - 1);
      }
      return true;
    });
  }

  @Override
  public void sync() {
    call(() -> {
      forceRound();
      makeExistenceKnown(List.of(this));
      return true;
    });
  }

  @Override
  public void close() {
    try {
      release();
    } finally {
      view.closed(this, path);
    }
  }

  FolderView view() {
    return view;
  }

  void release() {
    closed = true;
    try {
      view.volume().layer().close(channel, path);
    } catch (IOException e) {
      throw Failures.of(text, e);
    }
  }

  /// Does the same to all, also after one has thrown.
  static void each(Collection<FileBlob> blobs, Consumer<FileBlob> does) {
    RuntimeException first = null;
    for (var blob : List.copyOf(blobs)) {
      try {
        does.accept(blob);
      } catch (RuntimeException thrown) {
        if (first == null) {
          first = thrown;
        } else {
          first.addSuppressed(thrown);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /// Forces the entries of files. A file that an earlier process left may have been made without any sync, so each
  /// handle asks once.
  static void makeExistenceKnown(List<FileBlob> blobs) {
    var unknown = blobs.stream().filter(blob -> !blob.existenceKnown).toList();
    var parents = new LinkedHashSet<Path>();
    unknown.forEach(blob -> parents.add(FolderVolume.parent(blob.path)));
    boolean done = false;
    try {
      for (var parent : parents) {
        Failures.guard("folder " + parent.getFileName(), () -> {
          unknown.getFirst().view.volume().forceWithin(parent);
          return true;
        });
      }
      done = true;
    } finally {
      for (var blob : unknown) {
        if (done) {
          blob.existenceKnown = true;
        } else {
          blob.dead = "its folder's force failed";
        }
      }
    }
  }

  /// Makes what was written before this call durable. Callers that come while a force runs share the next one: the
  /// running force may have begun before their write. The force itself is the gathering window; nobody delays.
  void forceRound() {
    lock.lock();
    try {
      long mine = roundsStarted + 1;
      while (roundsDone < mine) {
        checkLiving();
        if (forcing) {
          roundEnd.awaitUninterruptibly();
        } else {
          forceOnce();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// A failure is final: a second force may say yes although the pages are lost. So whoever opens the file again is to
  /// know of it.
  private void forceOnce() {
    forcing = true;
    roundsStarted++;
    lock.unlock();
    boolean done = false;
    long beganNs = System.nanoTime();
    try {
      view.volume().layer().force(channel, path);
      done = true;
      view.volume().forceSeconds().observe((System.nanoTime() - beganNs) * 1e-9);
    } catch (IOException e) {
      throw Failures.of(text + ": force", e);
    } finally {
      lock.lock(); // for the caller
      forcing = false;
      roundEnd.signalAll();
      if (done) {
        roundsDone = roundsStarted;
      } else {
        dead = "a force failed";
        view.volume().doubts().note(path);
      }
    }
  }

  private <T> T change(Failures.Io<T> io) {
    return call(() -> {
      try {
        return io.call();
      } catch (IOException e) {
        dead = "a change failed";
        var failure = Failures.of(text, e);
        boolean full = !(failure instanceof NoSpaceException) && view.volume().isFull();
        throw full ? new NoSpaceException(text + ": " + e.getMessage()) : failure;
      }
    });
  }

  private <T> T call(Failures.Io<T> io) {
    Check.that(owner == null || owner == Caller.strand(), "a blob is used from the strand that opened it");
    return view.call(text, () -> {
      checkLiving();
      return io.call();
    });
  }

  private void checkLiving() {
    Check.that(!closed, "a closed blob is not used");
    String why = dead;
    if (why != null) {
      throw FolderView.dead(text, why);
    }
  }
}
