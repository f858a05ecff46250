package dev.tenon.storage.mapdb;

import dev.tenon.journal.OpenReport;
import dev.tenon.journal.SectionEnd;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The journals of the family and where their items lie, in memory.
final class Catalog {
  /// One journal.
  static final class Member {
    final long id;
    final String name;
    long floor;
    final TreeMap<Long, Section> sections = new TreeMap<>(Long::compareUnsigned);

    Member(long id, String name, long floor) {
      this.id = id;
      this.name = name;
      this.floor = floor;
    }

    long end(long section) {
      Section found = sections.get(section);
      return found == null ? 0 : found.end();
    }

    Section sectionFor(long section) {
      return sections.computeIfAbsent(section, missing -> new Section(List.of(), 0));
    }

    /// @param index not above the section's end
    void rewind(long section, long index, Section.Dropped dropped) {
      Map<Long, Section> later = sections.tailMap(section, false);
      later.values().forEach(gone -> gone.cut(0, dropped));
      later.clear();
      Section last = sections.get(section);
      if (last != null) {
        last.cut(index, dropped);
        if (last.end() == 0) {
          sections.remove(section);
        }
      }
    }

    void prune(long section, Section.Dropped dropped) {
      floor = section;
      Map<Long, Section> below = sections.headMap(section, false);
      below.values().forEach(gone -> gone.cut(0, dropped));
      below.clear();
    }
  }

  private final TreeMap<String, Member> names = new TreeMap<>();
  private final TreeMap<Long, Member> ids = new TreeMap<>();
  private long nextId = 1;

  void add(Member member) {
    names.put(member.name, member);
    ids.put(member.id, member);
    nextId = Math.max(nextId, member.id + 1);
  }

  void nextIdFrom(long id) {
    nextId = Math.max(nextId, id);
  }

  long nextId() {
    return nextId;
  }

  @Nullable
  Member named(String name) {
    return names.get(name);
  }

  @Nullable
  Member numbered(long id) {
    return ids.get(id);
  }

  /// In the order of their numbers, which is the order in a run.
  Collection<Member> members() {
    return ids.values();
  }

  void remove(Member member, Section.Dropped dropped) {
    member.sections.values().forEach(gone -> gone.cut(0, dropped));
    names.remove(member.name);
    ids.remove(member.id);
  }

  List<OpenReport.Found> found() {
    var found = new ArrayList<OpenReport.Found>();
    for (Member member : names.values()) {
      var sections = new ArrayList<SectionEnd>();
      member.sections.forEach((number, section) -> sections.add(new SectionEnd(number, section.end())));
      found.add(new OpenReport.Found(member.name, member.floor, sections));
    }
    return found;
  }
}
