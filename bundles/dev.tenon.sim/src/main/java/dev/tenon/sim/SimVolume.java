package dev.tenon.sim;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.Volume;
import java.util.List;
import java.util.regex.Pattern;

/// A node's whole disk, for its conductor.
final class SimVolume implements Volume {
  private static final Pattern LOCATION = Pattern.compile("([A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)?");

  private final Incarnation incarnation;
  private final SimDisk disk;
  private final SimStorage own;

  SimVolume(Incarnation incarnation, SimDisk disk) {
    this.incarnation = incarnation;
    this.disk = disk;
    own = new SimStorage(disk, incarnation, "");
  }

  private static String checked(String location) {
    Check.that(LOCATION.matcher(location).matches(), "a location is a path of names: " + location);
    return location;
  }

  @Override
  public Storage scope(String location) {
    incarnation.loop().call();
    return new SimStorage(disk, incarnation, checked(location));
  }

  @Override
  public void revoke(Storage view) {
    Check.that(view instanceof SimStorage, "a view of this runtime");
    Loop loop = incarnation.loop();
    loop.call();
    loop.catchUp();
    SimStorage ending = (SimStorage) view;
    if (ending.isRevoked()) {
      return;
    }
    ending.revoke();
    long nowNs = loop.instant();
    long insideUntilNs = nowNs;
    for (SimStrand strand : incarnation.strands()) {
      Task task = strand.running();
      if (task == null || task == loop.caller) {
        continue;
      }
      boolean later = false;
      for (StorageCall call : task.calls) {
        if (call.view() == ending) {
          later |= call.startNs() > nowNs;
          if (call.startNs() <= nowNs && call.endNs() > nowNs && !call.crashes() && !call.fails()) {
            insideUntilNs = Math.max(insideUntilNs, call.endNs());
          }
        }
      }
      if (later) {
        strand.cut(task, nowNs, ending.fenced());
      }
    }
    for (Task task : incarnation.lingering()) {
      if (task.calls.stream().anyMatch(call -> call.view() == ending)) {
        insideUntilNs = Math.max(insideUntilNs, task.clockNs);
      }
    }
    if (loop.caller instanceof Task task) {
      task.clockNs = Math.max(task.clockNs, insideUntilNs);
    }
  }

  @Override
  public List<String> locations(String parent) {
    StorageCall call = disk.begin(DiskOp.SCAN, own, checked(parent));
    disk.finish(call, "location " + parent + ": scan");
    return disk.beneath(parent);
  }

  @Override
  public void rename(String from, String to) {
    Check.that(!checked(from).isEmpty() && !checked(to).isEmpty(), "the node's folder itself keeps its name");
    StorageCall call = disk.begin(DiskOp.RENAME, own, from);
    Check.that(disk.exists(from), "what is renamed exists: " + from);
    Check.that(!disk.exists(to), "a new name is free: " + to);
    if (disk.takesEffect(call)) {
      disk.rename(call, from, to);
    }
    disk.finish(call, "location " + from + ": rename to " + to);
  }

  @Override
  public void delete(String location) {
    Check.that(!checked(location).isEmpty(), "the node's folder itself stays");
    StorageCall call = disk.begin(DiskOp.DELETE, own, location);
    disk.delete(call, location);
    disk.finish(call, "location " + location + ": delete");
  }

  @Override
  public long usedBytes(String location) {
    StorageCall call = disk.begin(DiskOp.SCAN, own, checked(location));
    disk.finish(call, "location " + location + ": scan");
    return disk.usedBeneath(location);
  }

  @Override
  public long usableBytes() {
    return disk.usable();
  }
}
