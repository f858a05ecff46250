package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.ShortReadException;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;

/// An open handle, bound to the strand that opened it.
final class SimBlob implements Blob {
  private static final long SIZE_MAX = 1L << 30; // bytes; a simulated file lies in memory twice

  private final SimDisk disk;
  private final SimStorage view;
  private final SimStrand strand;
  private final String text;
  final SimFile file;
  private boolean dead;
  private boolean closed;

  SimBlob(SimDisk disk, SimStorage view, SimStrand strand, SimFile file, String text) {
    this.disk = disk;
    this.view = view;
    this.strand = strand;
    this.file = file;
    this.text = text;
  }

  boolean isLiving() {
    return !dead && !closed && !view.isRevoked() && !strand.incarnation().hasEnded() && !strand.hasEnded();
  }

  private StorageCall begin(DiskOp op) {
    Check.that(!closed, "a closed blob is not used: " + text);
    StorageCall call = disk.begin(op, view, text);
    Check.that(call.task().strand == strand, "a blob is used from the strand that opened it: " + text);
    if (dead || file.handle != this) {
      throw new StorageFailedException(text + ": this handle has failed before");
    }
    return call;
  }

  private void finish(StorageCall call, String what) {
    try {
      disk.finish(call, text + ": " + what);
    } catch (StorageFailedException failed) {
      dead = true;
      throw failed;
    }
  }

  @Override
  public long size() {
    disk.look(view);
    return file.size();
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    StorageCall call = begin(DiskOp.READ);
    finish(call, "read");
    if (offset < 0 || offset + into.remaining() > file.size()) {
      throw new ShortReadException(text + ", offset " + offset + ": " + into.remaining() + " bytes wanted, the size is "
          + file.size());
    }
    byte[] bytes = new byte[into.remaining()];
    file.read((int) offset, bytes);
    into.put(bytes);
  }

  @Override
  public void write(long offset, ByteBuffer from) {
    StorageCall call = begin(DiskOp.WRITE);
    Check.that(offset >= 0 && offset + from.remaining() <= SIZE_MAX, "a blob has at most 2^30 bytes here");
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    long room = disk.usable() - Math.max(0, offset + bytes.length - file.size());
    boolean full = room < 0;
    if (full || call.fails()) {
      // Some of it may have been written all the same.
      byte[] part = new byte[disk.part(Math.toIntExact(Math.max(0, bytes.length + Math.min(0, room))))];
      System.arraycopy(bytes, 0, part, 0, part.length);
      bytes = part;
    }
    if (bytes.length > 0) {
      int before = file.size();
      file.write(call, (int) offset, bytes);
      disk.grew(file.size() - before);
    }
    if (full && !call.crashes()) {
      dead = true;
      throw disk.noSpace(text);
    }
    finish(call, "write");
  }

  @Override
  public void resize(long size) {
    StorageCall call = begin(DiskOp.RESIZE);
    Check.that(size >= 0 && size <= SIZE_MAX, "a blob has at most 2^30 bytes here");
    int before = file.size();
    if (size - before > disk.usable() && !call.crashes()) {
      dead = true;
      throw disk.noSpace(text);
    }
    if (!call.fails()) {
      file.resize(call, (int) size);
      disk.grew((int) size - before);
    }
    finish(call, "resize");
  }

  @Override
  public void sync() {
    sync(begin(DiskOp.SYNC));
  }

  private void sync(StorageCall call) {
    if (call.fails()) {
      file.doubt();
    } else {
      file.sync(call, disk.nowNs());
    }
    finish(call, "sync");
  }

  /// For a barrier: this blob's own force, which starts with the others.
  void syncBeside(long startNs) {
    StorageCall call = begin(DiskOp.SYNC);
    long costNs = call.endNs() == Long.MAX_VALUE ? Long.MAX_VALUE - startNs : call.endNs() - call.startNs();
    sync(new StorageCall(view, call.task(), startNs, startNs + costNs, call.fails(), call.crashes()));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (file.handle == this) {
        file.handle = null;
      }
    }
  }
}
