package dev.tenon.runtime.jvm;

import dev.tenon.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A file system that fails where a test says so, and of which is known what a power loss would leave of its files.
///
/// As the page cache does: what was written before a force that failed is seen for ever, and is never written again.
final class FaultyDisk implements FileLayer {
  enum Op {
    OPEN,
    READ,
    WRITE,
    FORCE,
    FORCE_FOLDER,
    MOVE,
    CLOSE
  }

  /// What happens before a call; it may block, or throw in its stead.
  interface Step {
    void before(Op op, Path path) throws IOException;
  }

  private record Written(long position, Bytes bytes) {}

  final List<Path> foldersForced = new CopyOnWriteArrayList<>();
  final List<Path> opened = new CopyOnWriteArrayList<>();
  volatile Step step = (op, path) -> {};
  private final TreeMap<Path, List<Written>> unforced = new TreeMap<>();
  private final TreeMap<Path, byte[]> durable = new TreeMap<>();

  @Override
  public FileChannel open(Path path, java.nio.file.OpenOption... options) throws IOException {
    step.before(Op.OPEN, path);
    opened.add(path);
    return FileLayer.super.open(path, options);
  }

  @Override
  public byte[] read(Path path) throws IOException {
    step.before(Op.READ, path);
    return FileLayer.super.read(path);
  }

  /// Fails once it is closed, as the system does.
  @Override
  public void close(FileChannel channel, Path path) throws IOException {
    FileLayer.super.close(channel, path);
    step.before(Op.CLOSE, path);
  }

  @Override
  public int write(FileChannel channel, Path path, ByteBuffer from, long position) throws IOException {
    step.before(Op.WRITE, path);
    var bytes = new byte[from.remaining()];
    from.duplicate().get(bytes);
    int count = FileLayer.super.write(channel, path, from, position);
    remember(path, new Written(position, Bytes.wrap(Arrays.copyOf(bytes, count))));
    return count;
  }

  @Override
  public void force(FileChannel channel, Path path) throws IOException {
    try {
      step.before(Op.FORCE, path);
    } catch (IOException | RuntimeException | Error failed) {
      take(path);
      throw failed;
    }
    FileLayer.super.force(channel, path);
    apply(path, take(path));
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    step.before(Op.FORCE_FOLDER, folder);
    FileLayer.super.forceFolder(folder);
    foldersForced.add(folder);
  }

  @Override
  public synchronized void move(Path from, Path to) throws IOException {
    step.before(Op.MOVE, from);
    FileLayer.super.move(from, to);
    for (var path : List.copyOf(durable.keySet())) {
      if (path.startsWith(from)) {
        durable.put(to.resolve(from.relativize(path)), durable.remove(path));
      }
    }
  }

  /// Fails the next call of a kind, on a path that ends so.
  void failNext(Op op, Path path) {
    step = (called, on) -> {
      if (called == op && on.equals(path)) {
        step = (op2, path2) -> {};
        throw new IOException("Input/output error");
      }
    };
  }

  /// Whatever was forced is left, in each file that was ever forced.
  synchronized void losePower() {
    durable.forEach((path, bytes) -> {
      try {
        Files.write(path, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private synchronized void remember(Path path, Written written) {
    unforced.computeIfAbsent(path, none -> new ArrayList<>()).add(written);
  }

  private synchronized List<Written> take(Path path) {
    var taken = unforced.remove(path);
    return taken == null ? List.of() : taken;
  }

  private synchronized void apply(Path path, List<Written> changes) {
    var bytes = durable.getOrDefault(path, new byte[0]);
    for (var change : changes) {
      int end = (int) change.position() + change.bytes().size();
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length, end));
      System.arraycopy(change.bytes().toArray(), 0, bytes, (int) change.position(), change.bytes().size());
    }
    durable.put(path, bytes);
  }
}
