package dev.tenon.soak;

import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An engine that does nothing but write: appends, rewinds, prunes, commits, now and then removes its journal and makes
/// it anew, and now and then opens it again and tells all that is in it. Every step is told before it is taken, and
/// every acknowledgement after it came, so that a checker knows what has to be there.
///
/// Lines: `put W change section index number count`, `rewind W change section index`, `prune W change floor`, `acked W
/// change`, `remove W change`, `removed W change`, `lost W Exception:reason`; and after opening `open W exact|after`,
/// `found W section index number count`, `floor W floor`, `opened W`. After `exact` all that was put is there; `after`
/// a failure or a start what was acknowledged.
final class JournalWriter implements Actor<JournalWriter.Message> {
  /// What it hears.
  sealed interface Message {
    record Tick() implements Message {}

    /// Of what it asked for.
    sealed interface Answer extends Message {}

    record Removed(long attempt, long change, Outcome<Boolean> outcome) implements Answer {}

    record Retry(long attempt) implements Message {}

    record Opened(long attempt, Outcome<Journal> outcome) implements Answer {}

    record Read(long attempt, Outcome<List<Entry>> outcome) implements Answer {}

    record Committed(long attempt, long change, List<Long> dues, Outcome<Durable> outcome) implements Answer {}

    /// It writes no more, and tells once more what is there.
    record Rest() implements Message {}

    record Stop() implements Message {}
  }

  /// How it writes.
  ///
  /// @param tickMs between two batches
  /// @param itemsMax of a batch, which has 1 to so many
  /// @param itemBytesMin of an item
  /// @param itemBytesMax of an item
  /// @param itemsPerSection after which the next section begins
  /// @param sectionsKept older ones are pruned
  /// @param fillBytes written as fast as they are taken, before anything else
  /// @param rewinds whether it rewinds now and then
  /// @param removes whether it removes the journal now and then and makes it anew
  /// @param reopenEvery after so many batches it opens the journal again and tells all of it; 0 for never
  record Plan(int tickMs, int itemsMax, int itemBytesMin, int itemBytesMax, int itemsPerSection, int sectionsKept,
      long fillBytes, boolean rewinds, boolean removes, int reopenEvery) {}

  private static final int COMMITS_MAX = 4;
  private static final int RETRY_MS = 100;
  private static final int REWIND_EVERY = 40;
  private static final int REMOVE_EVERY = 200;
  private static final int REWIND_ITEMS_MAX = 8;
  private static final int FILL_ITEMS = 256;

  private final Context<Message> context;
  private final JournalStore store;
  private final History history;
  private final String name;
  private final Plan plan;
  private @Nullable Journal journal;
  /// Opened, and not yet read to its end.
  private @Nullable Journal reading;
  private @Nullable Run run;
  private long attempt;
  private boolean exact;
  private int commits;
  private long changes;
  private long ticks;
  private long number;
  private long filledBytes;
  private volatile boolean filled;
  /// Once all is read back the journal goes.
  private boolean removing;
  private boolean resting;
  private volatile boolean rested;
  private volatile boolean isOpen;
  /// What was asked for and is not answered, in all attempts.
  private final AtomicInteger owed = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger burst = new AtomicInteger();
  /// The change with which the last burst ended; 0 where it is acknowledged.
  private long burstChange;
  private volatile boolean bursting;
  private final TickTimes times;

  /// Items with successive numbers at successive places.
  private static final class Run {
    final long section;
    final long index;
    final long first;
    int count;

    Run(long section, long index, long first) {
      this.section = section;
      this.index = index;
      this.first = first;
    }
  }

  /// @param firstNumber above those of all processes before
  JournalWriter(Context<Message> context, JournalStore store, History history, String name, Plan plan,
      TickTimes times, long firstNumber) {
    this.context = context;
    this.store = store;
    this.history = history;
    this.name = name;
    this.plan = plan;
    this.times = times;
    this.number = firstNumber;
  }

  @Override
  public void start() {
    open();
    context.after(plan.tickMs(), new Message.Tick());
  }

  @Override
  public void handle(Message message) {
    if (message instanceof Message.Answer) {
      owed.decrementAndGet(); // also one that comes too late to be looked at
    }
    try {
      switch (message) {
        case Message.Tick() -> {
          times.due(System.nanoTime());
          context.after(plan.tickMs(), new Message.Tick());
          tick();
        }
        case Message.Retry(var of) when of == attempt -> open();
        case Message.Opened(var of, Outcome.Done<Journal>(var opened)) when of == attempt -> opened(opened);
        case Message.Opened(var of, Outcome.Failed<Journal>(var cause)) when of == attempt -> lost(cause);
        case Message.Read(var of, Outcome.Done<List<Entry>>(var entries)) when of == attempt -> read(entries);
        case Message.Read(var of, Outcome.Failed<List<Entry>>(var cause)) when of == attempt -> lost(cause);
        case Message.Committed(var of, var change, var dues, Outcome.Done<Durable> done) when of == attempt -> {
          commits--;
          times.ended(dues, System.nanoTime());
          if (burstChange > 0 && change >= burstChange) {
            burstChange = 0;
            bursting = false;
          }
          history.line("acked", name, change);
        }
        case Message.Committed(var of, var change, var dues, Outcome.Failed<Durable>(var cause)) when of
            == attempt -> {
          times.failed(dues);
          lost(cause);
        }
        case Message.Removed(var of, var change, Outcome.Done<Boolean> done) when of == attempt -> {
          history.line("removed", name, change);
          open();
        }
        case Message.Removed(var of, var change, Outcome.Failed<Boolean>(var cause)) when of == attempt -> lost(cause);
        case Message.Removed late -> {}
        case Message.Retry late -> {}
        case Message.Opened late -> {}
        case Message.Read late -> {}
        case Message.Committed late -> times.failed(late.dues());
        case Message.Rest() -> {
          resting = true;
          journal = null;
          open();
        }
        case Message.Stop() -> context.stop();
      }
    } catch (IllegalStateException | dev.tenon.runtime.UnavailableException e) {
      lost(e);
    }
  }

  /// Whether what it was to write first is there, and what was asked for since is acknowledged. Any thread.
  boolean isFilled() { return filled && !bursting; }

  /// So many items at once. Any thread.
  void burst(int items) {
    bursting = true;
    burst.set(items);
  }

  /// Whether it was told to rest, and has read its journal to the end since. Any thread.
  boolean isRested() { return rested; }

  /// Whether it has read its journal to the end, and has lost it to no failure since. Any thread.
  boolean isOpen() { return isOpen; }

  /// How many answers are still to come, each of which a slot owes within its limits. Any thread.
  int owed() {
    return owed.get();
  }

  /// How often it was told of an error. Any thread.
  int failed() {
    return failed.get();
  }

  private <T> void ask(Completion<T> asked, Function<Outcome<T>, Message.Answer> answer) {
    owed.incrementAndGet();
    asked.then(answer);
  }

  private void open() {
    long mine = ++attempt;
    commits = 0;
    ask(store.journal(name), outcome -> new Message.Opened(mine, outcome));
  }

  /// Nothing is known of what was not acknowledged.
  private void lost(RuntimeException cause) {
    failed.incrementAndGet();
    String reason = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    history.line("lost", name, reason.replace(' ', '_').replace('\n', '_'));
    journal = null;
    reading = null;
    isOpen = false;
    exact = false;
    long mine = ++attempt;
    context.after(RETRY_MS, new Message.Retry(mine));
  }

  private void opened(Journal opened) {
    history.line("open", name, exact ? "exact" : "after");
    journal = null;
    run = null;
    reading = opened;
    replay(opened.floor(), 0);
  }

  private void replay(long section, long index) {
    Journal from = reading;
    if (from != null) {
      long mine = attempt;
      ask(from.replay(section, index), outcome -> new Message.Read(mine, outcome));
    }
  }

  private void read(List<Entry> entries) {
    Journal from = reading;
    if (from == null) {
      return;
    }
    for (Entry entry : entries) {
      found(entry.section(), entry.index(), Items.number(name, entry.item()));
    }
    if (entries.isEmpty()) {
      tell();
      history.line("floor", name, from.floor());
      history.line("opened", name);
      journal = from;
      exact = true;
      isOpen = true;
      reading = null;
      rested = resting;
      if (removing && !resting) {
        remove();
      }
    } else {
      replay(entries.getLast().section(), entries.getLast().index() + 1);
    }
  }

  private void found(long section, long index, long item) {
    Run last = run;
    if (last != null && last.section == section && last.index + last.count == index && last.first + last.count == item
        && item != Items.SPOILED) {
      last.count++;
    } else {
      tell();
      run = new Run(section, index, item);
      run.count = 1;
    }
  }

  private void tell() {
    Run last = run;
    if (last != null) {
      history.line("found", name, last.section, last.index, last.first, last.count);
    }
    run = null;
  }

  private void tick() {
    Journal open = journal;
    if (open == null || resting || commits >= COMMITS_MAX) {
      return;
    }
    ticks++;
    removing = plan.removes() && context.chance().nextInt(REMOVE_EVERY) == 0;
    if (removing || (plan.reopenEvery() > 0 && ticks % plan.reopenEvery() == 0)) {
      open();
      journal = null;
      return;
    }
    List<SectionEnd> sections = open.sections();
    long section = sections.isEmpty() ? open.floor() : sections.getLast().section();
    long end = sections.isEmpty() ? 0 : sections.getLast().end();
    if (plan.rewinds() && end > 0 && context.chance().nextInt(REWIND_EVERY) == 0) {
      end -= 1 + context.chance().nextInt((int) Math.min(end, REWIND_ITEMS_MAX));
      history.line("rewind", name, ++changes, section, end);
      open.rewind(section, end);
    }
    if (end >= plan.itemsPerSection()) {
      section++;
      end = 0;
    }
    int extra = burst.getAndSet(0);
    if (!put(open, section, end, extra)) {
      lost(new IllegalStateException("the write buffer is full"));
      return;
    }
    long floor = section - plan.sectionsKept() + 1;
    if (floor > open.floor()) {
      history.line("prune", name, ++changes, floor);
      open.prune(floor);
    }
    long mine = attempt;
    long change = changes;
    burstChange = extra > 0 ? change : burstChange;
    commits++;
    Completion<Durable> commit = open.commit();
    List<Long> dues = times.begun(); // it may have thrown, and owes them still
    ask(commit, outcome -> new Message.Committed(mine, change, dues, outcome));
  }

  /// With whatever was not acknowledged yet; the next one of this name is empty.
  private void remove() {
    removing = false;
    journal = null;
    long mine = ++attempt;
    long change = ++changes;
    history.line("remove", name, change);
    ask(store.remove(name), outcome -> new Message.Removed(mine, change, outcome));
  }

  private boolean put(Journal open, long section, long index, int extra) {
    boolean fills = filledBytes < plan.fillBytes();
    int count = extra + (fills ? FILL_ITEMS : 1 + context.chance().nextInt(plan.itemsMax()));
    filled = !fills;
    history.line("put", name, ++changes, section, index, number, count);
    for (int i = 0; i < count; i++) {
      int size = plan.itemBytesMin() + context.chance().nextInt(plan.itemBytesMax() - plan.itemBytesMin() + 1);
      long given = open.append(section, Items.make(name, number++, size));
      if (given == Journal.BACKOFF) {
        return false;
      }
      filledBytes += size;
      if (given != index + i) {
        history.line("strange", "index", given, "instead", index + i);
      }
    }
    return true;
  }
}
