package dev.tenon.sim;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// One view of a location.
final class SimStorage implements Storage {
  private static final int NAME_BYTES_MAX = 120;
  private static final Pattern PARTITION = Pattern.compile("[A-Za-z0-9_-]+");

  private final SimDisk disk;
  private final Incarnation incarnation;
  private final String location;
  private boolean revoked;

  SimStorage(SimDisk disk, Incarnation incarnation, String location) {
    this.disk = disk;
    this.incarnation = incarnation;
    this.location = location;
  }

  boolean isRevoked() { return revoked; }

  void revoke() {
    revoked = true;
  }

  Incarnation incarnation() {
    return incarnation;
  }

  FencedException fenced() {
    return new FencedException("location " + location + " of node " + incarnation.name() + " is no longer this view's");
  }

  private String folder(String partition) {
    Check.that(PARTITION.matcher(partition).matches(), "a partition's name is [A-Za-z0-9_-]+: " + partition);
    return SimDisk.path(location, partition);
  }

  private static Bytes named(byte[] name) {
    Check.that(name.length >= 1 && name.length <= NAME_BYTES_MAX, "a blob's name is 1 to 120 bytes");
    return Bytes.of(name);
  }

  private static String text(String folder, Bytes name) {
    return "partition " + folder + ", blob " + name.hex();
  }

  @Override
  public Blob open(String partition, byte[] name) {
    String folder = folder(partition);
    Bytes key = named(name);
    String text = text(folder, key);
    StorageCall call = disk.begin(DiskOp.OPEN, this, text);
    if (call.fails()) {
      disk.finish(call, text + ": open");
    }
    SimFile file = disk.openFile(call, folder, key);
    SimBlob living = file.handle;
    Check.that(living == null || !living.isLiving(), "one living handle a blob: " + text);
    SimBlob blob = new SimBlob(disk, this, call.task().strand, file, text);
    file.handle = blob;
    disk.finish(call, text + ": open");
    return blob;
  }

  @Override
  public List<byte[]> scan(String partition) {
    String folder = folder(partition);
    StorageCall call = disk.begin(DiskOp.SCAN, this, folder);
    disk.finish(call, "partition " + folder + ": scan");
    List<byte[]> names = new ArrayList<>();
    disk.names(folder).forEach(name -> names.add(name.toArray()));
    return names;
  }

  @Override
  public List<String> partitions() {
    StorageCall call = disk.begin(DiskOp.SCAN, this, location);
    disk.finish(call, "location " + location + ": scan");
    List<String> names = disk.beneath(location);
    names.removeIf(name -> !PARTITION.matcher(name).matches());
    return names;
  }

  @Override
  public void remove(String partition, byte[] name) {
    String folder = folder(partition);
    Bytes key = named(name);
    StorageCall call = disk.begin(DiskOp.REMOVE, this, text(folder, key));
    if (disk.takesEffect(call)) {
      disk.removeFile(call, folder, key);
      disk.settleRemovals(call, folder);
    }
    disk.finish(call, text(folder, key) + ": remove");
  }

  @Override
  public void replace(String partition, byte[] name, ByteBuffer whole) {
    String folder = folder(partition);
    Bytes key = named(name);
    StorageCall call = disk.begin(DiskOp.REPLACE, this, text(folder, key));
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    if (bytes.length > disk.usable() && !call.crashes()) {
      throw disk.noSpace(text(folder, key));
    }
    if (disk.takesEffect(call)) {
      disk.replaceFile(call, folder, key, bytes);
    }
    disk.finish(call, text(folder, key) + ": replace");
  }

  @Override
  public void syncAll(Collection<Blob> blobs) {
    disk.look(this);
    Task task = disk.task();
    long startNs = task.clockNs;
    long endNs = startNs;
    for (Blob blob : blobs) {
      Check.that(blob instanceof SimBlob, "a barrier is over blobs of this runtime");
      ((SimBlob) blob).syncBeside(startNs);
      endNs = Math.max(endNs, task.clockNs);
      task.clockNs = startNs + 1;
    }
    task.clockNs = endNs;
  }

  @Override
  public long usableBytes() {
    disk.look(this);
    return disk.usable();
  }
}
