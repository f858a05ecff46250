package dev.tenon.storage.mapdb;

import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Turns the log, which was synced, into a run, and begins a new segment.
///
/// Order: the new run in a new file, synced and read back; the base; and only then older files go. The segment stays,
/// with the runs that were folded, until the next checkpoint is durable: what the newest run was made from can make it
/// again.
final class Checkpoint {
  /// So often runs to fold are chosen. Where there is damage each time, none is folded, so that the call ends in time.
  private static final int FOLDS_MAX = 3;

  private final Contents contents;
  private final Set<Long> folded = new TreeSet<>();
  private final List<CorruptionException> damage = new ArrayList<>();
  private final byte[] image;

  private Checkpoint(Contents contents) {
    this.contents = contents;
    this.image = contents.log.image();
  }

  static boolean due(Contents contents) {
    return contents.log.size() >= contents.logBytes || contents.runs.deadBytes() >= contents.logBytes;
  }

  /// @return the damage of each run that would have been folded and stays as it is
  static List<CorruptionException> run(Contents contents) {
    var checkpoint = new Checkpoint(contents);
    checkpoint.run();
    return checkpoint.damage;
  }

  private void run() {
    Runs runs = contents.runs;
    RunBuilder builder = gather();
    var gone = new ArrayList<Run>(runs.retired());
    long goneSegment = contents.retained;
    var retired = new ArrayList<Run>();
    long segment = contents.log.segment();
    if (builder.items() > 0) {
      Run built = builder.write(contents.storage, runs.nextNumber());
      runs.open(built).check();
      adopt(built, retired);
      contents.newest = built.number();
      contents.retained = segment;
    } else {
      contents.newest = Base.NONE;
      contents.retained = Base.NONE;
    }
    gone.addAll(runs.takeDead());
    runs.retire(retired);
    contents.log.close();
    contents.log = new ActiveLog(contents.storage, segment + 1, contents.config.writeBufferBytes());
    contents.writeBase();
    contents.unmarked = false; // the base says it all
    gone.forEach(runs::delete);
    removeSegment(goneSegment);
    if (contents.retained != segment) {
      removeSegment(segment);
    }
  }

  /// Gathers what the new run holds. A run that cannot be read is left out: what rots must take nothing with it but
  /// itself, and a checkpoint that failed by it would fail again after each open. Which runs are folded together is
  /// free, as each item has one place, which its section names; runs are not laid over each other.
  private RunBuilder gather() {
    for (int tries = 1;; tries++) {
      if (tries <= FOLDS_MAX) {
        fold();
      }
      var builder = new RunBuilder(contents.config.pageBytes());
      if (gather(builder)) {
        return builder;
      }
      builder.drop();
      folded.clear();
    }
  }

  /// @return false where a run has turned out to be damaged: what was gathered is of no use then
  private boolean gather(RunBuilder builder) {
    for (Catalog.Member member : contents.catalog.members()) {
      for (Map.Entry<Long, Section> section : member.sections.entrySet()) {
        if (!build(builder, member.id, section.getKey(), section.getValue())) {
          return false;
        }
      }
    }
    return true;
  }

  /// Which runs go into the new one: those of which less than half counts, so that the disk stays bounded, as much as
  /// the log is long; and those that are not larger than what is there already, so that their number does, half as
  /// much.
  private void fold() {
    long log = Math.max(image.length, contents.logBytes);
    long bytes = image.length;
    for (Runs.Held held : contents.runs.newestFirst()) {
      long live = held.liveBytes();
      boolean hollow = 2 * live <= held.run.tableBytes() && bytes + live <= image.length + log;
      boolean small = live <= bytes && bytes + live <= image.length + log / 2;
      if (!held.isDead() && !held.isDamaged() && (hollow || small)) {
        folded.add(held.run.number());
        bytes += live;
      }
    }
  }

  private boolean build(RunBuilder builder, long journal, long number, Section section) {
    List<Section.Extent> extents = section.extents();
    for (int i = 0; i < extents.size(); i++) {
      Section.Extent extent = extents.get(i);
      if (folded.contains(extent.run()) && !copy(builder, journal, number, extent, section.endOf(i))) {
        return false;
      }
    }
    for (long index = section.base(); index < section.end(); index++) {
      int offset = Math.toIntExact(section.offset(index));
      int length = section.length(index);
      if (Frame.crc(ByteBuffer.wrap(image, offset, length)) != section.crc(index)) {
        throw new CorruptionException(Names.LOG, Names.hex(contents.log.segment()), offset, "an item as it was written",
            "another");
      }
      builder.item(journal, number, index, image, offset, length);
    }
    return true;
  }

  private boolean copy(RunBuilder builder, long journal, long number, Section.Extent extent, long end) {
    Runs runs = contents.runs;
    try {
      runs.open(runs.run(extent.run())).read(journal, number, extent.from(), end, (index, item) -> {
        builder.item(journal, number, index, item, 0, item.length);
        return true;
      });
      return true;
    } catch (StorageFailedException e) {
      CorruptionException found = RunReader.damage(runs.run(extent.run()), e);
      if (extent.run() == contents.newest) { // the next open makes it again: its segment, which would go now, must stay
        throw e;
      }
      runs.damaged(extent.run());
      damage.add(found);
      return false;
    }
  }

  private void adopt(Run built, List<Run> retired) {
    Runs runs = contents.runs;
    for (Catalog.Member member : contents.catalog.members()) {
      member.sections.values().forEach(section -> section.moved(folded, built.number()));
    }
    for (long number : folded) {
      retired.add(runs.run(number));
      runs.remove(number);
    }
    runs.add(built);
    for (Catalog.Member member : contents.catalog.members()) {
      runs.count(member.sections.values(), built.number());
    }
  }

  private void removeSegment(long segment) {
    if (segment != Base.NONE) {
      contents.storage.remove(Names.LOG, Names.numbered(segment));
    }
  }
}
