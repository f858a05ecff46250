package dev.tenon.slot.storage;

import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Floor and section ends of one journal, ascending by unsigned section. Looks nothing up twice and allocates only when
/// a section begins.
final class SectionTable {
  private long floor;
  private long[] sections = new long[4];
  private long[] ends = new long[4];
  private int size;

  SectionTable() {}

  SectionTable(SectionTable from) {
    floor = from.floor;
    sections = from.sections.clone();
    ends = from.ends.clone();
    size = from.size;
  }

  static SectionTable of(OpenReport.Found found) {
    SectionTable table = new SectionTable();
    table.floor = found.floor();
    for (SectionEnd end : found.sections()) {
      table.append(end.section(), end.end());
    }
    return table;
  }

  long floor() {
    return floor;
  }

  /// The index that the next item of a section gets.
  long end(long section) {
    int at = find(section);
    return at < 0 ? 0 : ends[at];
  }

  /// Adds items to the end of a section.
  void append(long section, long count) {
    int at = find(section);
    if (at < 0) {
      at = -at - 1;
      if (size == sections.length) {
        sections = Arrays.copyOf(sections, size * 2);
        ends = Arrays.copyOf(ends, size * 2);
      }
      System.arraycopy(sections, at, sections, at + 1, size - at);
      System.arraycopy(ends, at, ends, at + 1, size - at);
      sections[at] = section;
      ends[at] = 0;
      size++;
    }
    ends[at] += count;
  }

  /// Drops all from an address on.
  void rewind(long section, long index) {
    int at = find(section);
    if (at >= 0 && index > 0) {
      ends[at] = Math.min(ends[at], index);
      size = at + 1;
    } else {
      size = at < 0 ? -at - 1 : at;
    }
  }

  /// Raises the floor.
  void prune(long section) {
    if (Long.compareUnsigned(section, floor) <= 0) {
      return;
    }
    floor = section;
    int at = find(section);
    int drop = at < 0 ? -at - 1 : at;
    System.arraycopy(sections, drop, sections, 0, size - drop);
    System.arraycopy(ends, drop, ends, 0, size - drop);
    size -= drop;
  }

  /// Where it ends, in words.
  String tail() {
    return size == 0
        ? " is empty"
        : " ends in section " + Long.toUnsignedString(sections[size - 1]) + " with " + ends[size - 1] + " items";
  }

  List<SectionEnd> list() {
    List<SectionEnd> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(new SectionEnd(sections[i], ends[i]));
    }
    return list;
  }

  /// The first section that holds items from an address on.
  ///
  /// @return its place, or the count of sections
  int from(long section, long index) {
    int at = find(section);
    if (at < 0) {
      return -at - 1;
    }
    return index < ends[at] ? at : at + 1;
  }

  int count() {
    return size;
  }

  long section(int place) {
    return sections[place];
  }

  long endAt(int place) {
    return ends[place];
  }

  /// Most look-ups are for the last section.
  private int find(long section) {
    if (size > 0 && sections[size - 1] == section) {
      return size - 1;
    }
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(sections[middle], section);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
