package dev.tenon.itests.ledger;

import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.WhenFull;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A caller that puts down 1, 2, 3 and so on, each when the one before was answered, and reads everything again when an
/// answer was none. What it reads is 1 to some number without a gap, at least to what was answered last. In a
/// simulation its script reads the fields between steps; in a container any thread does.
public final class Counting {
  private sealed interface Message {
    sealed interface Answer extends Message {
      Outcome<?> outcome();
    }

    record Read(Outcome<List<Long>> outcome) implements Answer {}

    record Put(long number, Outcome<Boolean> outcome) implements Answer {}

    record Opened(Outcome<Journal> outcome) implements Answer {}

    record Replayed(Outcome<List<Entry>> outcome) implements Answer {}

    record Committed(long number, Outcome<Durable> outcome) implements Answer {}

    record Next() implements Message {}
  }

  private final String name;
  // Each is written by the one actor that counts.
  private volatile long answered;
  private volatile long asked;
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile @Nullable RuntimeException failure;
  private volatile @Nullable AssertionError wrong;
  private volatile boolean readsAgain;
  private volatile boolean stops;

  /// @param name of the writer or the journal
  public Counting(String name) {
    this.name = name;
  }

  /// Begins.
  ///
  /// @param runtime the node's
  /// @param ledger where it counts
  public void inLedger(Runtime runtime, Ledger ledger) {
    runtime.spawn("counting-" + name, spec(), context -> new InLedger(context, ledger));
  }

  /// Begins.
  ///
  /// @param runtime the node's
  /// @param store where its journal is
  public void inJournal(Runtime runtime, JournalStore store) {
    runtime.spawn("counting-" + name, spec(), context -> new InJournal(context, store));
  }

  /// @return up to where it was answered
  public long answered() {
    return answered;
  }

  /// @return how often it has read everything, and found what has to be there
  /// @throws AssertionError if once it has not
  public int reads() {
    AssertionError found = wrong;
    if (found != null) {
      throw new AssertionError(found.getMessage(), found);
    }
    return reads.get();
  }

  /// @return whether it has found something else than what has to be there; then it has ended
  public boolean isWrong() { return wrong != null; }

  /// @return how many answers were none
  public int failures() {
    return failures.get();
  }

  /// @return why the last of these was none
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /// Before its next number it reads everything.
  public void readAgain() {
    readsAgain = true;
  }

  /// Before its next number it ends.
  public void stop() {
    stops = true;
  }

  private static MailboxSpec<Message> spec() {
    return new MailboxSpec<>(1, 16, message -> 0, message -> WhenFull.REJECT);
  }

  private void found(List<Long> numbers) {
    List<Long> expected = LongStream.rangeClosed(1, numbers.size()).boxed().toList();
    if (!numbers.equals(expected) || numbers.size() < answered || numbers.size() > asked) {
      wrong = new AssertionError(name + " was answered up to " + answered + ", asked for up to " + asked
          + ", and reads " + numbers);
      throw wrong;
    }
    answered = numbers.size();
    reads.incrementAndGet();
  }

  private boolean turnsAside(Context<Message> context, Actor<Message> counts) {
    if (stops) {
      context.stop();
      return true;
    }
    boolean again = readsAgain;
    readsAgain = false;
    if (again) {
      counts.start();
    }
    return again;
  }

  private void unanswered(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Failed<?>(var cause)) {
      failure = cause;
    }
    failures.incrementAndGet();
  }

  private final class InLedger implements Actor<Message> {
    private final Context<Message> context;
    private final Ledger ledger;

    InLedger(Context<Message> context, Ledger ledger) {
      this.context = context;
      this.ledger = ledger;
    }

    @Override
    public void start() {
      ledger.all(name).then(Message.Read::new);
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Read(Outcome.Done<List<Long>>(var numbers)) -> {
          found(numbers);
          next();
        }
        case Message.Put(var number, Outcome.Done<Boolean> done) -> {
          answered = number;
          context.after(1 + context.chance().nextInt(4), new Message.Next());
        }
        case Message.Next next -> next();
        case Message.Answer answer -> {
          unanswered(answer.outcome());
          start();
        }
      }
    }

    private void next() {
      if (turnsAside(context, this)) {
        return;
      }
      long number = answered + 1;
      asked = Math.max(asked, number);
      ledger.put(name, number).then(outcome -> new Message.Put(number, outcome));
    }
  }

  private final class InJournal implements Actor<Message> {
    private final Context<Message> context;
    private final JournalStore store;
    private final List<Long> replayed = new ArrayList<>();
    private @Nullable Journal journal;

    InJournal(Context<Message> context, JournalStore store) {
      this.context = context;
      this.store = store;
    }

    @Override
    public void start() {
      replayed.clear();
      store.journal(name).then(Message.Opened::new);
    }

    @Override
    public void handle(Message message) {
      switch (message) {
        case Message.Opened(Outcome.Done<Journal>(var opened)) -> {
          journal = opened;
          replay(0, 0);
        }
        case Message.Replayed(Outcome.Done<List<Entry>>(var entries)) -> {
          entries.forEach(
              each -> replayed.add(Long.parseLong(new String(each.item().toArray(), StandardCharsets.US_ASCII))));
          if (entries.isEmpty()) {
            found(List.copyOf(replayed));
            next();
          } else {
            replay(entries.getLast().section(), entries.getLast().index() + 1);
          }
        }
        case Message.Committed(var number, Outcome.Done<Durable> done) -> {
          answered = number;
          context.after(1 + context.chance().nextInt(4), new Message.Next());
        }
        case Message.Next next -> next();
        case Message.Answer answer -> {
          unanswered(answer.outcome());
          start();
        }
      }
    }

    private void replay(long section, long index) {
      Journal opened = journal;
      if (opened != null) {
        opened.replay(section, index).then(Message.Replayed::new);
      }
    }

    private void next() {
      Journal opened = journal;
      if (opened == null || turnsAside(context, this)) {
        return;
      }
      long number = answered + 1;
      asked = Math.max(asked, number);
      if (opened.append(0, ByteBuffer.wrap(Long.toString(number).getBytes(StandardCharsets.US_ASCII)))
          == Journal.BACKOFF) {
        context.after(10, new Message.Next());
      } else {
        opened.commit().then(outcome -> new Message.Committed(number, outcome));
      }
    }
  }
}
