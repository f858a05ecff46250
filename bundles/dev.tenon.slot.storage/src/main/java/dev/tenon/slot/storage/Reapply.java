package dev.tenon.slot.storage;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.OpenReport;
import dev.tenon.slot.LostItemsException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings one journal of a provider that has opened again to where its callers believe it is.
///
/// What was found holds all that is durable and any part of the changes that are not. From the lowest address that one
/// of these rewinds on nothing of it counts: it is dropped, and what was appended there since is appended again. Below
/// that address nothing was ever replaced, so an item that is there is the right one, and only the missing ones are
/// appended. A plain rewind to the lowest address touched would not do: sections are appended to in any order, and a
/// rewind drops later sections with items that are durable and that nobody holds any more.
final class Reapply {
  private final Mirror mirror;
  /// Appends that no later rewind has dropped.
  private final List<Change> standing = new ArrayList<>();
  private boolean rewound;
  private long lowSection;
  private long lowIndex;
  private long floor;
  /// Bytes of the largest item in the changes of all journals.
  private int largest;

  /// @param mirror what is durable
  /// @param changes of all journals, in their order, not yet durable
  Reapply(Mirror mirror, List<Change> changes) {
    this.mirror = mirror;
    this.floor = mirror.durable.floor();
    for (Change change : changes) {
      Bytes item = change.item;
      largest = Math.max(largest, item == null ? 0 : item.size());
      if (change.handle.key().equals(mirror.name)) {
        note(change);
      }
    }
  }

  private void note(Change change) {
    switch (change.kind) {
      case APPEND -> standing.add(change);
      case REWIND -> {
        standing.removeIf(earlier -> !isBelow(earlier.section, earlier.index, change.section, change.index));
        if (!rewound || isBelow(change.section, change.index, lowSection, lowIndex)) {
          rewound = true;
          lowSection = change.section;
          lowIndex = change.index;
        }
      }
      case PRUNE -> {
        if (Long.compareUnsigned(change.section, floor) > 0) {
          floor = change.section;
        }
      }
    }
  }

  /// @param tenure just activated
  /// @param found what it reported of this journal; null if it has none, though it is durable
  /// @throws LostItemsException if something acknowledged is missing
  /// @throws ConfigException if an item that is missing was taken under a larger bound
  void to(Tenure tenure, OpenReport.@Nullable Found found) {
    JournalInstance provider = tenure.provider();
    if (found == null) {
      throw lost("a journal that is durable", "none");
    }
    SectionTable there = SectionTable.of(found);
    check(there);
    if (Long.compareUnsigned(there.floor(), floor) < 0) {
      provider.prune(mirror.name, floor);
      there.prune(floor);
    }
    if (rewound) {
      boolean pruned = Long.compareUnsigned(lowSection, floor) < 0;
      rewind(provider, there, pruned ? floor : lowSection, pruned ? 0 : lowIndex);
    }
    for (Change change : standing) {
      if (Long.compareUnsigned(change.section, floor) >= 0 && change.index >= there.end(change.section)) {
        fit(change, tenure.itemBytesMax());
        change.apply(provider);
        there.append(change.section, 1);
      }
    }
  }

  /// A provider would refuse it as often as it is opened: only the operator can give it room. It is kept until then.
  private void fit(Change append, int itemBytesMax) {
    Bytes item = append.item;
    if (item != null && item.size() > itemBytesMax) {
      throw new ConfigException("itemBytesMax", Integer.toString(itemBytesMax),
          "at least " + largest + ", the bytes of an item that was taken before and is not stored yet");
    }
  }

  /// Items below the address may be missing too; they stand, and are appended again.
  private void rewind(JournalInstance provider, SectionTable there, long section, long lowest) {
    long index = Math.min(lowest, there.end(section));
    if (there.from(section, index) < there.count()) {
      provider.rewind(mirror.name, section, index);
      there.rewind(section, index);
    }
  }

  private void check(SectionTable there) {
    if (Long.compareUnsigned(there.floor(), floor) > 0) {
      throw lost("floor at most " + Long.toUnsignedString(floor), "floor " + Long.toUnsignedString(there.floor()));
    }
    for (int place = 0; place < mirror.durable.count(); place++) {
      long section = mirror.durable.section(place);
      long end = mirror.durable.endAt(place);
      if (rewound && !isBelow(section, 0, lowSection, lowIndex)) {
        return;
      }
      if (rewound && section == lowSection) {
        end = Math.min(end, lowIndex);
      }
      if (Long.compareUnsigned(section, floor) >= 0 && there.end(section) < end) {
        throw lost("end " + end + " of section " + Long.toUnsignedString(section), "end " + there.end(section));
      }
    }
  }

  private LostItemsException lost(String expected, String there) {
    return new LostItemsException("journal " + mirror.name + ": expected " + expected + ", found " + there
        + ": acknowledged items are gone");
  }

  private static boolean isBelow(long section, long index, long otherSection, long otherIndex) {
    int order = Long.compareUnsigned(section, otherSection);
    return order < 0 || (order == 0 && index < otherIndex);
  }
}
