package dev.tenon.testkit.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tenon.codec.Bytes;
import dev.tenon.testkit.journal.JournalFamily.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The states that a family went through, and which of them a crash may leave.
///
/// A state is entered before the call that makes it, so the last one may have been reached in part. What a crash leaves
/// of a journal must hold everything that all states since the last sync share, each section must be the beginning of
/// what it was in one of these states, and a floor brings with it what was there when it was raised.
final class JournalHistory {
  private final List<JournalFamily> states = new ArrayList<>();
  private final TreeMap<String, Integer> removedAt = new TreeMap<>();
  private int synced;

  JournalHistory(JournalFamily start) {
    states.add(start);
  }

  JournalFamily now() {
    return states.getLast();
  }

  JournalFamily next() {
    JournalFamily next = now().copy();
    states.add(next);
    return next;
  }

  void synced() {
    synced = states.size() - 1;
  }

  void removed(String name) {
    removedAt.put(name, states.size() - 1);
  }

  void mustAllow(JournalFamily found) {
    var names = new TreeSet<>(found.journals.keySet());
    states.subList(synced, states.size()).forEach(state -> names.addAll(state.journals.keySet()));
    for (String name : names) {
      int from = Math.max(synced, removedAt.getOrDefault(name, 0));
      List<@Nullable Content> possible = new ArrayList<>();
      states.subList(from, states.size()).forEach(state -> possible.add(state.journals.get(name)));
      Content content = found.journals.get(name);
      if (content == null) {
        assertThat(possible).as("journal %s may be absent", name).containsNull();
      } else {
        mustAllow(name, content, possible);
      }
    }
  }

  private static void mustAllow(String name, Content found, List<@Nullable Content> possible) {
    var faults = new ArrayList<String>();
    for (int from = 0; from < possible.size(); from++) {
      Content state = possible.get(from);
      if (state != null && state.floor == found.floor) {
        String fault = fault(found, incarnation(possible, from), from == 0 ? 0 : first(possible, from));
        if (fault.isEmpty()) {
          return;
        }
        faults.add("from state " + from + ": " + fault);
      }
    }
    fail("journal %s with floor %d is none that may be left: %s", name, found.floor, faults);
  }

  /// All states of the incarnation that one state belongs to.
  private static List<Content> incarnation(List<@Nullable Content> possible, int at) {
    Content state = possible.get(at);
    var same = new ArrayList<Content>();
    for (Content other : possible) {
      if (other != null && state != null && other.incarnation == state.incarnation) {
        same.add(other);
      }
    }
    return same;
  }

  /// The position of a state within its incarnation.
  private static int first(List<@Nullable Content> possible, int at) {
    Content state = possible.get(at);
    int position = 0;
    for (Content other : possible.subList(0, at)) {
      if (other != null && state != null && other.incarnation == state.incarnation) {
        position++;
      }
    }
    return position;
  }

  private static String fault(Content found, List<Content> states, int from) {
    var sections = new TreeSet<Long>(Long::compareUnsigned);
    sections.addAll(found.sections.keySet());
    states.forEach(state -> sections.addAll(state.sections.keySet()));
    for (long section : sections) {
      if (Long.compareUnsigned(section, found.floor) < 0) {
        continue;
      }
      List<Bytes> items = found.items(section);
      int shared = Integer.MAX_VALUE;
      boolean begins = items.isEmpty();
      List<Bytes> before = states.get(from).items(section);
      for (int i = 0; i < states.size(); i++) {
        List<Bytes> state = states.get(i).items(section);
        begins |= items.size() <= state.size() && state.subList(0, items.size()).equals(items);
        if (i >= from && Long.compareUnsigned(section, states.get(i).floor) >= 0) {
          shared = Math.min(shared, common(before, state));
        }
      }
      if (!begins) {
        return "section " + Long.toUnsignedString(section) + " holds items that were never there together";
      }
      if (shared != Integer.MAX_VALUE && common(items, before) < shared) {
        return "section " + Long.toUnsignedString(section) + " lacks items " + items.size() + " to " + shared;
      }
    }
    return "";
  }

  private static int common(List<Bytes> left, List<Bytes> right) {
    int length = Math.min(left.size(), right.size());
    for (int i = 0; i < length; i++) {
      if (!left.get(i).equals(right.get(i))) {
        return i;
      }
    }
    return length;
  }
}
