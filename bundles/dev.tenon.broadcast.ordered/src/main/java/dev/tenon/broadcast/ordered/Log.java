package dev.tenon.broadcast.ordered;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.consensus.Height;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.storage.CorruptionException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One journal of the engine: opened when it is needed, replayed, appended to, and after a failure opened and replayed
/// again, for what was not acknowledged is unknown.
final class Log {
  /// The first pause before a failed journal is opened again, in milliseconds. Doubles up to [#RETRY_MS_MAX].
  static final long RETRY_MS_MIN = 100;

  /// The longest pause, in milliseconds.
  static final long RETRY_MS_MAX = 10_000;

  /// Items that may wait for their commit. More are not taken, so that a slot that is parked for long costs little.
  static final int COMMITS_MAX = 64;

  private static final Logger log = LoggerFactory.getLogger(Log.class);

  /// Who keeps what is in the journal.
  interface Owner {
    /// One item of a replay, in order.
    ///
    /// @throws InvalidDataException if it is none of its items
    void replay(Bytes item);

    /// The replay has ended; items may be appended.
    void ready();

    /// What is not durable is unknown: forget it. Nothing may be appended until [#ready].
    void lost();

    /// What [#trouble] says has changed.
    void troubled();
  }

  private enum State { CLOSED, OPENING, READY, WAITING, DAMAGED }

  private final Desk desk;
  private final String name;
  private final String title;
  private final Owner owner;
  private State state = State.CLOSED;
  private String reason = ""; // why it waits or is damaged
  private boolean isFull; // the last item was not taken
  private @Nullable Journal journal;
  private @Nullable Completion<?> asked; // what the next step waits for, unless that is a timer
  private long attempt; // completions of an earlier one are not ours any more
  private long retryMs = RETRY_MS_MIN;
  private final TreeSet<Long> sections = new TreeSet<>(Long::compareUnsigned); // that hold items, while it is open
  private long newest; // the last of them
  private long items; // of this replay
  private int commits; // of all attempts: those of an earlier one end before a journal is open again

  /// @param name of the journal
  /// @param title as it is called in what people read
  Log(Desk desk, String name, String title, Owner owner) {
    this.desk = desk;
    this.name = name;
    this.title = title;
    this.owner = owner;
  }

  String name() {
    return name;
  }

  boolean isReady() { return state == State.READY; }

  /// Whether it holds what no replay can read, so that waiting heals nothing.
  boolean isDamaged() { return state == State.DAMAGED; }

  /// Why items are not taken, in one phrase; empty while they are.
  String trouble() {
    return switch (state) {
      case DAMAGED -> title + " is damaged: " + reason;
      case WAITING -> title + " is opened again: " + reason;
      case READY -> isFull ? title + " has no room now" : "";
      case CLOSED, OPENING -> "";
    };
  }

  long attempt() {
    return attempt;
  }

  /// Opens and replays it where that has not begun.
  void open() {
    if (state == State.CLOSED) {
      begin();
    }
  }

  /// Ends it: nothing comes back any more, not even of what is under way.
  void close() {
    abandon();
    closed();
    attempt++;
    state = State.CLOSED;
    isFull = false;
  }

  /// Appends one item of a height. Each completion has to come to [#ended].
  ///
  /// @return ends when it is durable; empty if there is no room now
  Optional<Completion<Durable>> append(Height height, Bytes item) {
    Journal open = journal;
    if (state != State.READY || open == null) {
      return Optional.empty();
    }
    Completion<Durable> commit = null;
    try {
      if (commits < COMMITS_MAX && open.append(section(height), item.buffer()) != Journal.BACKOFF) {
        holds(section(height));
        commit = open.commit();
        commits++;
        desk.commits++;
      }
    } catch (IllegalStateException | IllegalArgumentException | UnavailableException closedOrSmaller) {
      failed(closedOrSmaller);
      return Optional.empty();
    }
    boolean taken = commit != null;
    if (taken == isFull) {
      isFull = !taken;
      owner.troubled();
    }
    return Optional.ofNullable(commit);
  }

  /// A commit has ended.
  ///
  /// @param ofAttempt as it was at the append
  /// @return whether what was appended is durable. If not, nothing is known of it: the replay will tell
  boolean ended(long ofAttempt, Outcome<Durable> outcome) {
    commits--;
    desk.commits--;
    if (ofAttempt != attempt) {
      return false;
    }
    return switch (outcome) {
      case Outcome.Done<Durable> done -> {
        desk.metrics.committed();
        yield true;
      }
      case Outcome.Failed<Durable>(var cause) -> {
        failed(cause);
        yield false;
      }
    };
  }

  /// Drops the sections below that of a durable height. Where there is no room for that now, the next one does it.
  void prune(Height height) {
    Journal open = journal;
    if (state != State.READY || open == null) {
      return;
    }
    guarded(() -> {
      try {
        if (Long.compareUnsigned(section(height), open.floor()) > 0) {
          open.prune(section(height));
          SortedSet<Long> below = sections.headSet(section(height));
          desk.metrics.pruned(below.size());
          below.clear();
        }
      } catch (UnavailableException full) {
        log.atDebug().addKeyValue("engine", desk.settings.engine()).addKeyValue("journal", name)
            .addKeyValue("reason", full.getMessage()).log("journal not pruned");
      }
    });
  }

  /// Drops the sections below that of a durable height for good, as the last that is done with it. What remains is the
  /// section of the tip: without it another chunk of the tip's height would look new if the sequencer came back.
  void release(Height height) {
    prune(height);
    Journal open = journal;
    if (state == State.READY && open != null) {
      guarded(() -> {
        var unused = open.commit(); // nothing follows from it
      });
    }
  }

  /// What it holds contradicts what it has acknowledged, or cannot be read.
  void damaged(String why) {
    log.atError().addKeyValue("engine", desk.settings.engine()).addKeyValue("journal", name)
        .addKeyValue("reason", why).log("journal damaged, its chain is not served");
    abandon();
    closed();
    attempt++;
    state = State.DAMAGED;
    reason = why;
    owner.lost();
  }

  void opened(long ofAttempt, Outcome<Journal> outcome) {
    if (ofAttempt != attempt) {
      return;
    }
    switch (outcome) {
      case Outcome.Done<Journal>(var opened) -> {
        try {
          desk.settings.fit(desk.peers.journals().itemBytesMax());
        } catch (ConfigException smaller) { // another provider, or its configuration, since the engine was started
          failed(smaller);
          return;
        }
        journal = opened;
        items = 0;
        log.atDebug().addKeyValue("engine", desk.settings.engine()).addKeyValue("journal", name).log("replay begins");
        guarded(() -> read(opened.floor(), 0));
      }
      case Outcome.Failed<Journal>(var cause) -> failed(cause);
    }
  }

  void read(long ofAttempt, Outcome<List<Entry>> outcome) {
    if (ofAttempt != attempt) {
      return;
    }
    switch (outcome) {
      case Outcome.Failed<List<Entry>>(var cause) -> failed(cause);
      case Outcome.Done<List<Entry>>(var entries) when entries.isEmpty() -> replayed();
      case Outcome.Done<List<Entry>>(var entries) -> {
        try {
          entries.forEach(entry -> owner.replay(entry.item()));
        } catch (InvalidDataException e) {
          damaged(String.valueOf(e.getMessage()));
          return;
        }
        entries.forEach(entry -> holds(entry.section()));
        items += entries.size();
        Entry last = entries.getLast();
        guarded(() -> read(last.section(), last.index() + 1));
      }
    }
  }

  void retry(long ofAttempt) {
    if (ofAttempt != attempt) {
      return;
    }
    if (desk.peers.journals().isActive()) {
      begin();
    } else {
      Completion<Long> active = desk.peers.journals().whenActive();
      asked = active;
      active.then(outcome -> new Message.LogActive(this, ofAttempt, outcome));
    }
  }

  void active(long ofAttempt, Outcome<Long> outcome) {
    if (ofAttempt != attempt) {
      return;
    }
    switch (outcome) {
      case Outcome.Done<Long> done -> begin();
      case Outcome.Failed<Long>(var cause) -> failed(cause);
    }
  }

  private void begin() {
    state = state == State.WAITING ? State.WAITING : State.OPENING;
    long mine = ++attempt;
    Completion<Journal> opening = desk.peers.journals().journal(name);
    asked = opening;
    opening.then(outcome -> new Message.LogOpened(this, mine, outcome));
  }

  private void read(long section, long index) {
    Journal open = journal;
    if (open != null) {
      long mine = attempt;
      Completion<List<Entry>> entries = open.replay(section, index);
      asked = entries;
      entries.then(outcome -> new Message.LogRead(this, mine, outcome));
    }
  }

  private void replayed() {
    boolean waited = state == State.WAITING;
    asked = null;
    state = State.READY;
    log.atDebug().addKeyValue("engine", desk.settings.engine()).addKeyValue("journal", name)
        .addKeyValue("items", items).log("replay ended");
    isFull = false;
    retryMs = RETRY_MS_MIN;
    owner.ready();
    if (waited) {
      owner.troubled();
    }
  }

  /// Nothing is known of what was appended since the last commit that was done.
  private void failed(RuntimeException cause) {
    if (cause instanceof CorruptionException) {
      damaged(String.valueOf(cause.getMessage()));
      return;
    }
    if (state != State.WAITING) {
      log.atWarn().addKeyValue("engine", desk.settings.engine()).addKeyValue("journal", name)
          .addKeyValue("reason", cause.getMessage()).log("journal failed, it is opened again");
    }
    closed();
    asked = null;
    state = State.WAITING;
    reason = String.valueOf(cause.getMessage());
    long mine = ++attempt;
    owner.lost();
    desk.context.after(retryMs, new Message.LogRetry(this, mine));
    retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
  }

  /// Whoever opens or removes the journal besides us closes it for us: what it holds is to be read again.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (IllegalStateException closed) {
      failed(closed);
    }
  }

  private void closed() {
    journal = null;
    desk.metrics.sections(-sections.size());
    sections.clear();
  }

  /// Asked for each item, so that it looks at the last one first.
  private void holds(long section) {
    if ((sections.isEmpty() || section != newest) && sections.add(section)) {
      desk.metrics.sections(1);
    }
    newest = section;
  }

  private void abandon() {
    Completion<?> waited = asked;
    asked = null;
    if (waited != null) {
      waited.cancel();
    }
  }

  private long section(Height height) {
    return Long.divideUnsigned(height.value(), desk.settings.heightsPerSection());
  }
}
