package dev.tenon.testkit.journal;

import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.WhenFull;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A caller that owns a journal and does what comes to its mind, and its history, which outlives the node. Whenever it
/// reads the journal as a whole it compares: what is there is what its changes lead to, up to a change that is at least
/// the last one acknowledged, each once and in order. Throws an `AssertionError` where it is not.
public final class JournalWriter {
  private static final int AWAY_MS_MAX = 1_000;

  /// One change.
  ///
  /// @param kind a append, r rewind, p prune
  private record Op(char kind, long section, long index, String item) {}

  private sealed interface Message {
    record Opened(Outcome<Journal> outcome) implements Message {}

    record Replayed(Outcome<List<Entry>> outcome) implements Message {}

    record Committed(int load, long upTo, Outcome<Durable> outcome) implements Message {}

    record Removed(Outcome<Boolean> outcome) implements Message {}

    record Tick() implements Message {}

    record Back() implements Message {}
  }

  private final String name;
  private final double removals;
  /// What was there when the journal was last compared.
  private Expected base = new Expected();
  /// Changes since then.
  private final List<Op> ops = new ArrayList<>();
  /// So many of them.
  private int acknowledged;
  private long serial;
  private int commits;
  private int failures;
  private int loads;
  /// So often has its journal begun anew: commits of an earlier one no longer count.
  private int era;
  private boolean calm;
  private int incarnation;
  private boolean afterCrash;
  /// It was asked to remove its journal, and does not know whether that was done.
  private boolean removing;
  private boolean gone;
  /// In this life of its node.
  private @Nullable Body body;

  /// Appends, rewinds, prunes, commits.
  ///
  /// @param name of its journal
  public JournalWriter(String name) {
    this(name, 0);
  }

  /// Removes its journal too now and then, and makes it anew, at once or after a while.
  ///
  /// @param name of its journal
  /// @param removals how probable that is at each of its turns
  public JournalWriter(String name, double removals) {
    this.name = name;
    this.removals = removals;
  }

  /// @return how often a commit was answered
  public int commits() {
    return commits;
  }

  /// @return how often something that it asked for ended in an error
  public int failures() {
    return failures;
  }

  /// Counts what it asked for before it read its journal anew, too: an answer that is never given would not be missed
  /// otherwise, since it goes on without it.
  ///
  /// @return how many of its questions of this life of its node are not answered yet
  public int owed() {
    Body living = body;
    return living == null ? 0 : living.owed;
  }

  /// @return of its journal
  public String name() {
    return name;
  }

  /// @return whether its journal was removed, as it was told, and it has not asked for it again
  public boolean isGone() { return gone; }

  /// @return how often it has compared
  public int loads() {
    return loads;
  }

  /// From now on it only asks for commits.
  public void calm() {
    calm = true;
  }

  /// It goes on, or begins, in a life of its node.
  ///
  /// @param runtime of that life
  /// @param store where its journal is kept
  public void start(Runtime runtime, JournalStore store) {
    incarnation++;
    afterCrash = true;
    body = null;
    runtime.spawn("writer-" + name, new MailboxSpec<Message>(1, 16, message -> 0, message -> WhenFull.REJECT),
        context -> {
          body = new Body(context, store);
          return body;
        });
  }

  private final class Body implements Actor<Message> {
    private final Context<Message> context;
    private final JournalStore store;
    private @Nullable Journal journal;
    private final List<Entry> replay = new ArrayList<>();
    private Expected now = new Expected();
    private int outstanding;
    /// All questions without an answer, commits too.
    private int owed;

    Body(Context<Message> context, JournalStore store) {
      this.context = context;
      this.store = store;
    }

    @Override
    public void start() {
      load();
    }

    private void load() {
      gone = false;
      journal = null;
      replay.clear();
      owed++;
      store.journal(name).then(Message.Opened::new);
    }

    @Override
    public void handle(Message message) {
      owed -= message instanceof Message.Tick || message instanceof Message.Back ? 0 : 1;
      switch (message) {
        case Message.Opened(Outcome.Done<Journal>(var opened)) -> {
          journal = opened;
          read(0, 0);
        }
        case Message.Opened(Outcome.Failed<Journal> failed) -> {
          failures++;
          load();
        }
        case Message.Replayed(Outcome.Done<List<Entry>>(var entries)) -> {
          if (entries.isEmpty()) {
            loaded();
          } else {
            replay.addAll(entries);
            Entry last = entries.getLast();
            read(last.section(), last.index() + 1);
          }
        }
        case Message.Replayed(Outcome.Failed<List<Entry>> failed) -> {
          failures++;
          load();
        }
        case Message.Committed(var load, var upTo, Outcome.Done<Durable>(var durable)) -> {
          outstanding--;
          commits++;
          check(durable.changes() == upTo, "commit reports " + durable + " for " + upTo);
          if (load == era) {
            acknowledged = Math.max(acknowledged, (int) upTo);
          }
        }
        case Message.Committed(var load, var upTo, Outcome.Failed<Durable> failed) -> {
          outstanding--;
          failures++;
          if (journal != null) {
            load();
          }
        }
        case Message.Removed(Outcome.Done<Boolean> done) -> {
          removing = false;
          gone = true;
          base = new Expected();
          ops.clear();
          acknowledged = 0;
          era++;
          if (!calm && context.chance().happens(0.5)) {
            // What was made anew at once would be compared, and hide that the old one is there still.
            context.after(1 + context.chance().nextInt(AWAY_MS_MAX), new Message.Back());
          } else {
            load();
          }
        }
        case Message.Removed(Outcome.Failed<Boolean> failed) -> {
          failures++;
          load();
        }
        case Message.Tick tick -> tick();
        case Message.Back back -> load();
      }
    }

    private void read(long section, long index) {
      Journal open = journal;
      if (open != null) {
        owed++;
        open.replay(section, index).then(Message.Replayed::new);
      }
    }

    private void loaded() {
      Journal open = journal;
      if (open == null) {
        return;
      }
      loads++;
      era++;
      settleOn(open.floor());
      context.after(1, new Message.Tick());
    }

    /// Compares. While the node lives, all that was accepted is there. After a crash what was not acknowledged may be
    /// there in part.
    private void settleOn(long floor) {
      Expected there = new Expected();
      there.floor = floor;
      for (Entry entry : replay) {
        List<String> items = there.sections.computeIfAbsent(entry.section(), key -> new ArrayList<>());
        check(items.size() == entry.index(), "addresses are contiguous: " + entry);
        items.add(new String(entry.item().toArray(), StandardCharsets.US_ASCII));
      }
      Expected sure = base.copy();
      ops.subList(0, acknowledged).forEach(sure::apply);
      List<Op> open = ops.subList(acknowledged, ops.size());
      boolean right;
      if (afterCrash) {
        right = sure.mayBecome(there, open);
      } else {
        open.forEach(sure::apply);
        right = sure.floor == floor && sure.lines().equals(there.lines());
      }
      right |= removing && floor == 0 && there.sections.isEmpty();
      if (!right) {
        String text = "journal " + name + (afterCrash ? ", after a crash" : "") + ", floor " + floor + " holds "
            + there.lines() + ", acknowledged are " + acknowledged + " changes of " + ops + " after floor " + base.floor
            + " " + base.lines();
        throw new AssertionError(text.replaceAll("x+", ""));
      }
      afterCrash = false;
      removing = false;
      base = there;
      now = there.copy();
      ops.clear();
      acknowledged = 0;
    }

    private void tick() {
      Journal open = journal;
      if (open == null) {
        return;
      }
      int changes = calm ? 0 : context.chance().nextInt(8);
      for (int i = 0; i < changes; i++) {
        change(open);
      }
      if (outstanding < 4 && (calm || context.chance().happens(0.6))) {
        long upTo = ops.size();
        outstanding++;
        owed++;
        int load = era;
        open.commit().then(outcome -> new Message.Committed(load, upTo, outcome));
      }
      if (!calm && context.chance().happens(0.02)) {
        load();
        return;
      }
      if (!calm && removals > 0 && context.chance().happens(removals)) {
        journal = null;
        removing = true;
        owed++;
        store.remove(name).then(Message.Removed::new);
        return;
      }
      context.after(1 + context.chance().nextInt(calm ? 200 : 20), new Message.Tick());
    }

    private void change(Journal open) {
      try {
        int dice = context.chance().nextInt(100);
        long section = now.floor + context.chance().nextInt(4);
        if (dice < 90) {
          String item = name + serial + "x".repeat(context.chance().nextInt(300));
          long index = open.append(section, ByteBuffer.wrap(item.getBytes(StandardCharsets.US_ASCII)));
          if (index == Journal.BACKOFF) {
            return;
          }
          check(index == now.end(section), "index " + index + " where " + now.end(section) + " comes next");
          serial++;
          add(new Op('a', section, index, item));
        } else if (dice < 97) {
          long index = context.chance().nextInt((int) now.end(section) + 1);
          open.rewind(section, index);
          add(new Op('r', section, index, ""));
        } else {
          open.prune(section);
          if (section > now.floor) {
            add(new Op('p', section, 0, ""));
          }
        }
      } catch (UnavailableException full) {
        return;
      }
    }

    private void add(Op op) {
      ops.add(op);
      now.apply(op);
    }

    private void check(boolean condition, String text) {
      if (!condition) {
        throw new AssertionError(name + " in incarnation " + incarnation + ": " + text);
      }
    }
  }

  /// What changes lead to, in the plainest words.
  private static final class Expected {
    long floor;
    final TreeMap<Long, List<String>> sections = new TreeMap<>();

    Expected copy() {
      Expected copy = new Expected();
      copy.floor = floor;
      sections.forEach((section, items) -> copy.sections.put(section, new ArrayList<>(items)));
      return copy;
    }

    long end(long section) {
      return sections.getOrDefault(section, List.of()).size();
    }

    void apply(Op op) {
      switch (op.kind()) {
        case 'a' -> sections.computeIfAbsent(op.section(), key -> new ArrayList<>()).add(op.item());
        case 'r' -> {
          sections.tailMap(op.section(), false).clear();
          List<String> items = sections.getOrDefault(op.section(), new ArrayList<>());
          items.subList((int) op.index(), items.size()).clear();
        }
        default -> {
          floor = op.section();
          sections.headMap(op.section(), false).clear();
        }
      }
    }

    /// Whether a crash may leave this, if some changes were not acknowledged: each item is one that was appended at its
    /// address, and nothing is missing that none of the changes has dropped.
    boolean mayBecome(Expected there, List<Op> open) {
      long floorMax = floor;
      long lowSection = Long.MAX_VALUE;
      long lowIndex = 0;
      List<Long> floors = new ArrayList<>(List.of(floor));
      for (Op op : open) {
        if (op.kind() == 'p') {
          floors.add(op.section());
          floorMax = Math.max(floorMax, op.section());
        } else if (op.kind() == 'r'
            && (op.section() < lowSection || (op.section() == lowSection && op.index() < lowIndex))) {
              lowSection = op.section();
              lowIndex = op.index();
            }
      }
      boolean right = floors.contains(there.floor);
      for (var section : sections.tailMap(floorMax, true).entrySet()) {
        long s = section.getKey();
        long keep = s < lowSection ? section.getValue().size() : s == lowSection ? lowIndex : 0;
        List<String> found = there.sections.getOrDefault(s, List.of());
        for (int i = 0; i < Math.min(keep, section.getValue().size()); i++) {
          right &= i < found.size() && found.get(i).equals(section.getValue().get(i));
        }
      }
      for (var section : there.sections.entrySet()) {
        for (int i = 0; i < section.getValue().size(); i++) {
          long index = i;
          String item = section.getValue().get(i);
          List<String> before = sections.getOrDefault(section.getKey(), List.of());
          right &= (i < before.size() && before.get(i).equals(item)) || open.stream().anyMatch(op -> op.kind() == 'a'
              && op.section() == section.getKey() && op.index() == index && op.item().equals(item));
        }
      }
      return right;
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      sections.forEach((section, items) -> {
        for (int i = 0; i < items.size(); i++) {
          lines.add(section + "/" + i + "=" + items.get(i));
        }
      });
      return lines;
    }
  }
}
