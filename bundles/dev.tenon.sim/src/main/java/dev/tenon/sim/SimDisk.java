package dev.tenon.sim;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.StorageFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A node's disk: files that know what of them is durable, a cost for each call, and faults to order.
public final class SimDisk {
  private static final int FULL_LOG = 64;
  /// So far a task may run ahead of the loop. Shorter than any deadline after which a strand is given up.
  private static final long AHEAD_NS_MAX = 20_000_000;

  /// How long a kind of call takes, in nanoseconds, and its calls that are to fail.
  private static final class Behaviour {
    private long lowNs;
    private long highNs;
    private long calls;
    private final List<Long> failing = new ArrayList<>();

    Behaviour(long lowNs, long highNs) {
      this.lowNs = lowNs;
      this.highNs = highNs;
    }
  }

  /// A change of names that a crash may undo. What came after it stays: undoing looks whether its own result is still
  /// there, so that of several changes of one name the last that lasts decides.
  ///
  /// @param folder in which names change; empty for a change of folders
  private record Renaming(StorageCall call, String folder, Runnable undo) {
    /// The process is gone before the call returned: what is seen of it now was never forced.
    Renaming cutOff() {
      return new Renaming(
          new StorageCall(call.view(), call.task(), call.startNs(), Long.MAX_VALUE, call.fails(), call.crashes()),
          folder, undo);
    }

    boolean isDurable(long nowNs) { return call.endNs() <= nowNs; }
  }

  private final Loop loop;
  private final String node;
  private final Rng costs;
  private final Rng faults;
  private final EnumMap<DiskOp, Behaviour> behaviours = new EnumMap<>(DiskOp.class);
  private final TreeMap<String, TreeMap<Bytes, SimFile>> folders = new TreeMap<>();
  private final List<Renaming> log = new ArrayList<>();
  private long used;
  private long capacity = Long.MAX_VALUE;
  private long factor = 1;

  SimDisk(Loop loop, String node) {
    this.loop = loop;
    this.node = node;
    costs = new Rng(loop.seed, "disk costs/" + node);
    faults = new Rng(loop.seed, "disk faults/" + node);
    cost(DiskOp.OPEN, Duration.ofNanos(5_000), Duration.ofNanos(60_000));
    cost(DiskOp.READ, Duration.ofNanos(2_000), Duration.ofNanos(40_000));
    cost(DiskOp.WRITE, Duration.ofNanos(2_000), Duration.ofNanos(30_000));
    cost(DiskOp.RESIZE, Duration.ofNanos(5_000), Duration.ofNanos(50_000));
    cost(DiskOp.SYNC, Duration.ofNanos(150_000), Duration.ofNanos(3_000_000));
    cost(DiskOp.SCAN, Duration.ofNanos(5_000), Duration.ofNanos(80_000));
    cost(DiskOp.REMOVE, Duration.ofNanos(100_000), Duration.ofNanos(2_000_000));
    cost(DiskOp.REPLACE, Duration.ofNanos(300_000), Duration.ofNanos(5_000_000));
    cost(DiskOp.RENAME, Duration.ofNanos(200_000), Duration.ofNanos(3_000_000));
    cost(DiskOp.DELETE, Duration.ofNanos(200_000), Duration.ofNanos(5_000_000));
  }

  /// @param op a kind of call
  /// @param low at least
  /// @param high at most
  /// @return this
  public SimDisk cost(DiskOp op, Duration low, Duration high) {
    Behaviour behaviour = behaviours.computeIfAbsent(op, kind -> new Behaviour(0, 0));
    behaviour.lowNs = low.toNanos();
    behaviour.highNs = high.toNanos();
    return this;
  }

  /// @param times every call takes so much longer; 1 is as usual
  /// @return this
  public SimDisk slow(int times) {
    Check.that(times >= 1, "a factor of at least 1");
    factor = times;
    return this;
  }

  /// @param freeBytes what is still to be had; above that `NoSpaceException`
  /// @return this
  public SimDisk full(long freeBytes) {
    capacity = used + freeBytes;
    return this;
  }

  /// @return this, with room again
  public SimDisk roomAgain() {
    capacity = Long.MAX_VALUE;
    return this;
  }

  /// Lets one call fail with `StorageFailedException`.
  ///
  /// @param op its kind
  /// @param nth 1 is the next one
  /// @return this
  public SimDisk failNext(DiskOp op, long nth) {
    Behaviour behaviour = behaviour(op);
    behaviour.failing.add(behaviour.calls + nth);
    return this;
  }

  /// Ends every trouble: room, usual speed, and no call is to fail any more. What is damaged stays damaged.
  ///
  /// @return this
  public SimDisk heal() {
    behaviours.values().forEach(behaviour -> behaviour.failing.clear());
    return slow(1).roomAgain();
  }

  /// @param op a kind of call
  /// @return how many of them were made so far
  public long calls(DiskOp op) {
    return behaviour(op).calls;
  }

  /// Turns one bit of a stored byte over.
  ///
  /// @param location as in `Volume#scope`
  /// @param partition of the blob
  /// @param name of the blob
  /// @param offset of the byte
  /// @return this
  public SimDisk flipBit(String location, String partition, byte[] name, long offset) {
    SimFile file = file(location, partition, name);
    Check.that(offset < file.size(), "a byte that exists");
    file.flip((int) offset, faults.nextInt(Byte.SIZE));
    return this;
  }

  /// @param location as in `Volume#scope`
  /// @param partition of the blob
  /// @param name of the blob
  /// @return its bytes as a reader would see them
  public Bytes bytes(String location, String partition, byte[] name) {
    SimFile file = file(location, partition, name);
    byte[] whole = new byte[file.size()];
    file.read(0, whole);
    return Bytes.wrap(whole);
  }

  /// @param location as in `Volume#scope`
  /// @param partition in it
  /// @return the names of its blobs, sorted
  public List<Bytes> blobs(String location, String partition) {
    return names(path(location, partition));
  }

  /// @return bytes written and not yet synced
  public long unsyncedBytes() {
    long sum = 0;
    for (TreeMap<Bytes, SimFile> folder : folders.values()) {
      for (SimFile file : folder.values()) {
        sum += file.unsyncedBytes(loop.nowNs);
      }
    }
    return sum;
  }

  /// @return bytes of all blobs
  public long usedBytes() {
    return used;
  }

  static String path(String location, String partition) {
    return location.isEmpty() ? partition : location + "/" + partition;
  }

  private SimFile file(String location, String partition, byte[] name) {
    TreeMap<Bytes, SimFile> folder = folders.get(path(location, partition));
    SimFile file = folder == null ? null : folder.get(Bytes.of(name));
    if (file == null) {
      throw new IllegalArgumentException("no blob " + Bytes.of(name).hex() + " in " + path(location, partition));
    }
    return file;
  }

  private Behaviour behaviour(DiskOp op) {
    Behaviour behaviour = behaviours.get(op);
    if (behaviour == null) {
      throw new IllegalStateException("no cost for " + op);
    }
    return behaviour;
  }

  // What views and handles are made of.

  long nowNs() {
    return loop.nowNs;
  }

  Task task() {
    return loop.task();
  }

  /// Begins a call: it is counted, takes its time, and may be the one that fails or in which the node crashes.
  StorageCall begin(DiskOp op, SimStorage view, String text) {
    Check.that(loop.caller instanceof Task, "storage is used from tasks of strands: " + op + " " + text);
    boolean crashes = loop.enter();
    Task task = task();
    if (!crashes && changesNames(op)) {
      loop.catchUp();
    }
    if (view.isRevoked()) {
      throw view.fenced();
    }
    if (view.incarnation().hasEnded()) {
      throw new Stopped(view.incarnation().name() + " has ended");
    }
    Behaviour behaviour = behaviour(op);
    boolean fails = behaviour.failing.remove(Long.valueOf(++behaviour.calls));
    long startNs = task.clockNs;
    long costNs = costs.between(behaviour.lowNs, behaviour.highNs) * factor;
    task.clockNs += costNs;
    task.lastCallNs = startNs;
    boolean returns = !fails && !crashes;
    StorageCall call = new StorageCall(view, task, startNs, returns ? task.clockNs : Long.MAX_VALUE, fails, crashes);
    task.calls.add(call);
    return call;
  }

  /// Strands meet where names are made and looked up: there each sees exactly what has happened so far.
  private static boolean changesNames(DiskOp op) {
    return switch (op) {
      case OPEN, SCAN, RENAME, DELETE -> true;
      case READ, WRITE, RESIZE, SYNC, REMOVE, REPLACE -> false;
    };
  }

  /// Ends a call as it was to end. After a long one the loop comes as far as the task, so that nobody sees long before
  /// its time what the task does next in memory.
  void finish(StorageCall call, String what) {
    if (call.crashes()) {
      throw new Stopped("the node has crashed in this call");
    }
    if (call.task().clockNs - loop.nowNs > AHEAD_NS_MAX) {
      loop.catchUp();
    }
    if (call.fails()) {
      throw new StorageFailedException(what + " failed");
    }
  }

  /// A call in memory: nothing happens on the disk.
  void look(SimStorage view) {
    loop.alive();
    if (view.isRevoked()) {
      throw view.fenced();
    }
  }

  /// @return whether a call has an effect; one that fails may have, nobody knows
  boolean takesEffect(StorageCall call) {
    return !call.fails() || faults.happens(0.5);
  }

  int part(int bytes) {
    return (int) faults.between(0, bytes);
  }

  long withinCallNs() {
    return faults.between(1, 1_000_000);
  }

  long usable() {
    return capacity - used;
  }

  void grew(long bytes) {
    used += bytes;
  }

  NoSpaceException noSpace(String what) {
    return new NoSpaceException(what + ": no space on the disk of node " + node);
  }

  List<Bytes> names(String folder) {
    TreeMap<Bytes, SimFile> files = folders.get(folder);
    return files == null ? List.of() : new ArrayList<>(files.keySet());
  }

  /// @return the names of the folders directly beneath one, sorted
  List<String> beneath(String parent) {
    String prefix = parent.isEmpty() ? "" : parent + "/";
    List<String> names = new ArrayList<>();
    for (String path : folders.tailMap(prefix, true).keySet()) {
      if (!path.startsWith(prefix)) {
        break;
      }
      int slash = path.indexOf('/', prefix.length());
      String name = slash < 0 ? path.substring(prefix.length()) : path.substring(prefix.length(), slash);
      if (!names.contains(name)) {
        names.add(name);
      }
    }
    names.sort(String::compareTo);
    return names;
  }

  /// @return the sizes of all blobs in a folder and beneath it
  long usedBeneath(String location) {
    long bytes = 0;
    for (String path : location.isEmpty() ? List.copyOf(folders.keySet()) : under(location)) {
      bytes += folders.getOrDefault(path, new TreeMap<>()).values().stream().mapToLong(SimFile::size).sum();
    }
    return bytes;
  }

  boolean exists(String location) {
    return !under(location).isEmpty();
  }

  private List<String> under(String location) {
    List<String> paths = new ArrayList<>();
    for (String path : folders.keySet()) {
      if (path.equals(location) || path.startsWith(location + "/")) {
        paths.add(path);
      }
    }
    return paths;
  }

  SimFile openFile(StorageCall call, String folder, Bytes name) {
    SimFile found = folders.computeIfAbsent(folder, path -> new TreeMap<>()).get(name);
    if (found != null) {
      int before = found.size();
      found.settleDoubt(faults, loop.nowNs);
      grew(found.size() - before);
      return found;
    }
    SimFile made = new SimFile(new byte[0], false);
    put(folder, name, made);
    remember(call, folder, () -> {
      if (!made.isSettled(loop.nowNs)) {
        take(folder, name, made);
      }
    });
    return made;
  }

  void removeFile(StorageCall call, String folder, Bytes name) {
    TreeMap<Bytes, SimFile> files = folders.get(folder);
    SimFile gone = files == null ? null : files.remove(name);
    if (gone != null) {
      Check.that(gone.handle == null || !gone.handle.isLiving(), "what is removed is not open");
      grew(-gone.size());
      remember(call, folder, () -> putBack(folder, name, gone));
    }
  }

  /// A removal that returns forces its folder: earlier removals that were cut off are then final.
  void settleRemovals(StorageCall call, String folder) {
    for (int i = 0; i < log.size(); i++) {
      Renaming entry = log.get(i);
      if (entry.folder.equals(folder) && entry.call.endNs() == Long.MAX_VALUE && call.endNs() != Long.MAX_VALUE) {
        log.set(i, new Renaming(call, folder, entry.undo));
      }
    }
  }

  /// Undoes a removal, unless something durable has taken the name since.
  private void putBack(String folder, Bytes name, SimFile gone) {
    TreeMap<Bytes, SimFile> files = folders.get(folder);
    SimFile present = files == null ? null : files.get(name);
    if (present == null || !present.isSettled(loop.nowNs)) {
      if (present != null) {
        take(folder, name, present);
      }
      put(folder, name, gone);
    }
  }

  void replaceFile(StorageCall call, String folder, Bytes name, byte[] whole) {
    TreeMap<Bytes, SimFile> files = folders.get(folder);
    SimFile before = files == null ? null : files.get(name);
    SimFile after = new SimFile(whole, true);
    if (before != null) {
      Check.that(before.handle == null || !before.handle.isLiving(), "what is replaced is not open");
      take(folder, name, before);
    }
    put(folder, name, after);
    remember(call, folder, () -> {
      if (!after.isForced(loop.nowNs) && take(folder, name, after) && before != null) {
        put(folder, name, before);
      }
    });
  }

  void rename(StorageCall call, String from, String to) {
    move(from, to);
    remember(call, "", () -> {
      if (!exists(from)) {
        move(to, from);
      }
    });
  }

  private void move(String from, String to) {
    for (String path : under(from)) {
      TreeMap<Bytes, SimFile> files = folders.remove(path);
      if (files != null) {
        folders.put(to + path.substring(from.length()), files);
      }
    }
  }

  /// Each file goes by itself: a crash in between leaves any of them.
  void delete(StorageCall call, String location) {
    for (String path : under(location)) {
      for (Bytes name : names(path)) {
        if (takesEffect(call)) {
          removeFile(call, path, name);
        }
      }
      if (names(path).isEmpty()) {
        folders.remove(path);
        remember(call, "", () -> folders.computeIfAbsent(path, same -> new TreeMap<>()));
      }
    }
  }

  private void put(String folder, Bytes name, SimFile file) {
    folders.computeIfAbsent(folder, path -> new TreeMap<>()).put(name, file);
    grew(file.size());
  }

  /// @return false if the name is another's by now
  private boolean take(String folder, Bytes name, SimFile file) {
    TreeMap<Bytes, SimFile> files = folders.get(folder);
    if (files == null || !files.remove(name, file)) {
      return false;
    }
    grew(-file.size());
    return true;
  }

  private void remember(StorageCall call, String folder, Runnable undo) {
    if (log.size() >= FULL_LOG) {
      log.removeIf(entry -> entry.isDurable(loop.nowNs));
    }
    log.add(new Renaming(call, folder, undo));
  }

  /// What a task did after an instant did not happen.
  void forget(Task task, long timeNs) {
    undo(entry -> entry.call.task() == task && entry.call.startNs() > timeNs);
    for (TreeMap<Bytes, SimFile> folder : folders.values()) {
      folder.values().forEach(file -> file.forget(task, timeNs));
    }
    recount();
  }

  private void undo(Predicate<Renaming> which) {
    for (int i = log.size() - 1; i >= 0; i--) {
      if (which.test(log.get(i))) {
        log.remove(i).undo.run();
      }
    }
  }

  void crash(CrashKind kind) {
    long nowNs = loop.nowNs;
    undo(entry -> entry.call.startNs() > nowNs || (!entry.isDurable(nowNs) && faults.happens(0.5)));
    switch (kind) {
      case POWER_LOSS -> log.clear();
      case PROCESS_KILL -> {
        log.removeIf(entry -> entry.isDurable(nowNs));
        log.replaceAll(Renaming::cutOff);
      }
    }
    for (TreeMap<Bytes, SimFile> folder : folders.values()) {
      switch (kind) {
        case POWER_LOSS -> folder.values().removeIf(file -> !file.losePower(faults, nowNs));
        case PROCESS_KILL -> folder.values().forEach(file -> file.loseProcess(faults, nowNs));
      }
    }
    recount();
  }

  private void recount() {
    long sum = 0;
    for (TreeMap<Bytes, SimFile> folder : folders.values()) {
      for (SimFile file : folder.values()) {
        sum += file.size();
      }
    }
    used = sum;
  }
}
