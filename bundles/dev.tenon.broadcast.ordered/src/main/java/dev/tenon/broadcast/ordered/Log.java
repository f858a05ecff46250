package dev.tenon.broadcast.ordered;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.consensus.Height;
import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.storage.CorruptionException;
import java.util.List;
import java.util.Optional;
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
  }

  private enum State { CLOSED, OPENING, READY, WAITING, DAMAGED }

  private final Desk desk;
  private final String name;
  private final Owner owner;
  private State state = State.CLOSED;
  private @Nullable Journal journal;
  private long attempt; // completions of an earlier one are not ours any more
  private long retryMs = RETRY_MS_MIN;

  Log(Desk desk, String name, Owner owner) {
    this.desk = desk;
    this.name = name;
    this.owner = owner;
  }

  String name() {
    return name;
  }

  boolean isReady() { return state == State.READY; }

  /// Whether it holds what no replay can read, so that waiting heals nothing.
  boolean isDamaged() { return state == State.DAMAGED; }

  /// Whether it is being opened again after a failure.
  boolean isWaiting() { return state == State.WAITING; }

  long attempt() {
    return attempt;
  }

  /// Opens and replays it where that has not begun.
  void open() {
    if (state == State.CLOSED) {
      begin();
    }
  }

  /// Appends one item of a height.
  ///
  /// @return ends when it is durable; empty if there is no room now
  Optional<Completion<Durable>> append(Height height, Bytes item) {
    Journal open = journal;
    if (state != State.READY || open == null || open.append(section(height), item.buffer()) == Journal.BACKOFF) {
      return Optional.empty();
    }
    return Optional.of(open.commit());
  }

  /// Drops the sections below that of a durable height.
  void prune(Height height) {
    Journal open = journal;
    if (state == State.READY && open != null && Long.compareUnsigned(section(height), open.floor()) > 0) {
      open.prune(section(height));
    }
  }

  /// A commit failed: nothing is known of what was appended since the last one that was done.
  void failed(RuntimeException cause) {
    log.atWarn().addKeyValue("engine", desk.settings.engine()).addKeyValue("reason", cause.getMessage())
        .log("journal failed, it is opened again");
    lose(cause);
  }

  /// What it holds contradicts what it has acknowledged.
  void damaged(String reason) {
    log.atError().addKeyValue("engine", desk.settings.engine()).addKeyValue("journal", name)
        .addKeyValue("reason", reason).log("journal damaged, its chain is not served");
    journal = null;
    attempt++;
    state = State.DAMAGED;
    owner.lost();
  }

  void opened(long ofAttempt, Outcome<Journal> outcome) {
    if (ofAttempt != attempt) {
      return;
    }
    switch (outcome) {
      case Outcome.Done<Journal>(var opened) -> {
        journal = opened;
        read(opened.floor(), 0);
      }
      case Outcome.Failed<Journal>(var cause) -> lose(cause);
    }
  }

  void read(long ofAttempt, Outcome<List<Entry>> outcome) {
    if (ofAttempt != attempt) {
      return;
    }
    switch (outcome) {
      case Outcome.Failed<List<Entry>>(var cause) -> lose(cause);
      case Outcome.Done<List<Entry>>(var entries) when entries.isEmpty() -> {
        state = State.READY;
        retryMs = RETRY_MS_MIN;
        owner.ready();
      }
      case Outcome.Done<List<Entry>>(var entries) -> {
        try {
          entries.forEach(entry -> owner.replay(entry.item()));
        } catch (InvalidDataException e) {
          damaged(String.valueOf(e.getMessage()));
          return;
        }
        Entry last = entries.getLast();
        read(last.section(), last.index() + 1);
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
      desk.peers.journals().whenActive().then(outcome -> new Message.LogActive(this, ofAttempt, outcome));
    }
  }

  void active(long ofAttempt, Outcome<Long> outcome) {
    if (ofAttempt != attempt) {
      return;
    }
    switch (outcome) {
      case Outcome.Done<Long> done -> begin();
      case Outcome.Failed<Long>(var cause) -> lose(cause);
    }
  }

  private void begin() {
    state = state == State.WAITING ? State.WAITING : State.OPENING;
    long mine = ++attempt;
    desk.peers.journals().journal(name).then(outcome -> new Message.LogOpened(this, mine, outcome));
  }

  private void read(long section, long index) {
    Journal open = journal;
    if (open != null) {
      long mine = attempt;
      open.replay(section, index).then(outcome -> new Message.LogRead(this, mine, outcome));
    }
  }

  private void lose(RuntimeException cause) {
    if (cause instanceof CorruptionException) {
      damaged(String.valueOf(cause.getMessage()));
      return;
    }
    journal = null;
    state = State.WAITING;
    long mine = ++attempt;
    owner.lost();
    desk.context.after(retryMs, new Message.LogRetry(this, mine));
    retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
  }

  private long section(Height height) {
    return Long.divideUnsigned(height.value(), desk.settings.heightsPerSection());
  }
}
