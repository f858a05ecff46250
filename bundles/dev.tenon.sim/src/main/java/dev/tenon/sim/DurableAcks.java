package dev.tenon.sim;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.Traced;
import dev.tenon.runtime.network.Frame;
import dev.tenon.runtime.network.Link;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import dev.tenon.runtime.storage.Blob;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The smallest protocol that can break a promise: keepers store numbered records and tell a writer how many are
/// durable, while they crash. Invariant: what a keeper has told is there after every crash.
///
/// With a bug planted the same invariant has to fail: that shows that the simulator is not blind.
final class DurableAcks implements Scenario {
  /// What to do wrong.
  enum Bug {
    NONE,
    /// Tells of a record that is written and not yet synced.
    TELLS_BEFORE_SYNC,
    /// Tells after a restart of what it has read, which may be in the page cache only.
    RECOVERS_WITHOUT_SYNC,
    /// Takes a file for good up to its length: after a crash a record in the middle may be missing.
    TRUSTS_LENGTH
  }

  private static final int KEEPERS = 3;
  private static final int CRASHES = 6;
  private static final long WINDOW = 32;
  private static final int RECORD_BYTES = 16;
  private static final int LANE = 1_024;
  private static final long SEND_EVERY_MS = 5;
  private static final Duration RUN = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration CALM = Duration.ofSeconds(1);
  private static final byte[] BLOB = {'l', 'o', 'g'};
  private static final PeerId WRITER = new PeerId(Bytes.of((byte) 'w'));

  private final Bug bug;

  DurableAcks(Bug bug) {
    this.bug = bug;
  }

  @Override
  public String name() {
    return "durable-acks";
  }

  @Override
  public String help() {
    return "the simulator's own: keepers tell of records that are durable, and crash";
  }

  @Override
  public SimResult run(long seed, @Nullable Appendable trace) {
    Run run = new Run(seed);
    try (Simulation simulation = run.simulation) {
      simulation.trace(trace);
      run.crashAtRandom(run.build());
      simulation.run(RUN.plus(CALM));
      return SimResult.of(simulation, run.violations);
    }
  }

  /// Runs for a short while in which one keeper crashes during its n-th runtime call, and then recovers.
  ///
  /// @param call 0: it does not
  /// @return the broken invariants, and how many calls the keeper has made
  CallResult runWithCrashAt(long seed, long call, CrashKind kind) {
    Run run = new Run(seed);
    try (Simulation simulation = run.simulation) {
      SimNode victim = run.build().getFirst();
      if (call > victim.calls()) {
        victim.crashAtCall(call, kind, SOON);
      }
      simulation.run(SHORT);
      victim.crash(CrashKind.POWER_LOSS, SOON);
      simulation.run(SHORT);
      return new CallResult(run.violations, victim.calls(), victim.boots(), run.told[0]);
    }
  }

  /// @param violations broken invariants
  /// @param calls the keeper's runtime calls
  /// @param boots how often it started
  /// @param told how many records it has told to be durable
  record CallResult(List<String> violations, long calls, int boots, long told) {}

  private sealed interface Message extends Traced {
    /// A number on its way: a record to keep, or how many are durable.
    record Arrived(PeerId from, long number) implements Message {
      @Override
      public long trace() {
        return number * 31 + from.key().get(0);
      }
    }

    /// So many records are stored.
    record Saved(Outcome<Long> outcome) implements Message {
      @Override
      public long trace() {
        return outcome instanceof Outcome.Done<Long>(var count) ? count : -1;
      }
    }

    record Tick() implements Message {
      @Override
      public long trace() {
        return 0;
      }
    }
  }

  /// One world with what its nodes were told.
  private final class Run {
    private final Simulation simulation;
    private final Rng rng;
    private final List<String> violations = new ArrayList<>();
    private final long[] told = new long[KEEPERS];

    Run(long seed) {
      simulation = Simulation.seeded(seed);
      rng = new Rng(seed, "durable-acks");
    }

    List<SimNode> build() {
      simulation.network().latency(Duration.ofMillis(4), Duration.ofMillis(3)).loss(0.05).duplicate(0.02).reorder(0.1);
      List<SimNode> keepers = new ArrayList<>();
      for (int i = 0; i < KEEPERS; i++) {
        int index = i;
        keepers.add(simulation.node("k" + i, node -> new Keeper(node, index).boot()));
      }
      simulation.node("w", node -> new Writer(node).boot());
      return keepers;
    }

    void crashAtRandom(List<SimNode> keepers) {
      for (int i = 0; i < CRASHES; i++) {
        SimNode victim = keepers.get(rng.nextInt(KEEPERS));
        CrashKind kind = rng.happens(0.5) ? CrashKind.POWER_LOSS : CrashKind.PROCESS_KILL;
        Duration down = Duration.ofMillis(rng.between(1, 100));
        Duration at = Duration.ofNanos(rng.between(1, RUN.toNanos()));
        simulation.at(at, () -> victim.crash(kind, down));
        if (rng.happens(0.5)) {
          // Soon after it is back: what it has read may still be in the page cache only.
          Duration again = at.plus(down).plusNanos(rng.between(1, SOON.toNanos()));
          simulation.at(again, () -> victim.crash(CrashKind.POWER_LOSS, down));
        }
      }
    }

    private PeerId keeper(int index) {
      return new PeerId(Bytes.of((byte) index));
    }

    /// Sends each keeper what it has not told to be durable.
    private final class Writer implements Actor<Message> {
      private final SimNode node;
      private @Nullable Link link;
      private @Nullable Context<Message> context;

      Writer(SimNode node) {
        this.node = node;
      }

      void boot() {
        Mailbox<Message> mailbox =
            node.runtime().spawn("writer", MailboxSpec.oneLane(LANE), (Context<Message> mine) -> {
              context = mine;
              return this;
            });
        link = node.runtime().network().link(WRITER, "log", frame -> arrived(mailbox, frame));
      }

      @Override
      public void start() {
        again();
      }

      @Override
      public void handle(Message message) {
        switch (message) {
          case Message.Arrived(var from, var count) -> {
            int index = from.key().get(0);
            told[index] = Math.max(told[index], count);
          }
          case Message.Tick() -> again();
          case Message.Saved saved -> throw new IllegalStateException("a writer saves nothing");
        }
      }

      private void again() {
        Link to = link;
        Context<Message> mine = context;
        if (to == null || mine == null) {
          return;
        }
        for (int i = 0; i < KEEPERS; i++) {
          long next = told[i] + mine.chance().nextInt((int) WINDOW / 8);
          for (long number = told[i]; number <= next; number++) {
            send(to, keeper(i), number);
          }
        }
        mine.after(SEND_EVERY_MS, new Message.Tick());
      }
    }

    /// Appends records in order and tells how many are durable.
    private final class Keeper implements Actor<Message> {
      private final SimNode node;
      private final int index;
      private final Strand strand;
      private @Nullable Mailbox<Message> mailbox;
      private @Nullable Link link;
      private @Nullable Blob blob; // the strand's
      private long appendedNext = Long.MAX_VALUE;

      Keeper(SimNode node, int index) {
        this.node = node;
        this.index = index;
        strand = node.runtime().strand("log");
      }

      void boot() {
        Mailbox<Message> mine =
            node.runtime().spawn("keeper", MailboxSpec.oneLane(LANE), (Context<Message> context) -> this);
        mailbox = mine;
        link = node.runtime().network().link(keeper(index), "log", frame -> arrived(mine, frame));
      }

      @Override
      public void start() {
        strand.run("recover", this::recover).then(Message.Saved::new);
      }

      @Override
      public void handle(Message message) {
        switch (message) {
          case Message.Arrived(var from, var number) -> {
            if (number == appendedNext) {
              appendedNext++;
              strand.run("append", () -> append(number)).then(Message.Saved::new);
            }
          }
          case Message.Saved(Outcome.Done<Long>(var count)) -> {
            if (appendedNext == Long.MAX_VALUE) {
              appendedNext = count;
            }
            Link to = link;
            if (to != null) {
              send(to, WRITER, count);
            }
          }
          case Message.Saved(Outcome.Failed<Long>(var cause)) -> throw cause;
          case Message.Tick() -> throw new IllegalStateException("a keeper has no timer");
        }
      }

      private long recover() {
        Blob opened = node.runtime().volume().scope("log").open("log", BLOB);
        blob = opened;
        long count = 0;
        long records = opened.size() / RECORD_BYTES;
        while (count < records && (bug == Bug.TRUSTS_LENGTH || holds(opened, count))) {
          count++;
        }
        check(count, opened);
        opened.resize(count * RECORD_BYTES);
        if (bug != Bug.RECOVERS_WITHOUT_SYNC) {
          opened.sync();
        }
        return count;
      }

      private void check(long count, Blob opened) {
        long whole = 0;
        while (whole < count && holds(opened, whole)) {
          whole++;
        }
        if (whole < told[index]) {
          violations.add("keeper " + index + " has told of " + told[index] + " records and holds " + whole);
        }
      }

      private boolean holds(Blob opened, long number) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
        opened.read(number * RECORD_BYTES, record);
        return record.getLong(0) == number && record.getLong(Long.BYTES) == Rng.mix(number + 1);
      }

      private long append(long number) {
        Blob open = blob;
        Mailbox<Message> self = mailbox;
        if (open == null || self == null) {
          throw new IllegalStateException("recovered before it appends");
        }
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).putLong(number).putLong(Rng.mix(number + 1)).flip();
        open.write(number * RECORD_BYTES, record);
        if (bug == Bug.TELLS_BEFORE_SYNC) {
          Offer offer = self.offer(new Message.Saved(new Outcome.Done<>(number + 1)));
          if (offer != Offer.OK) {
            return number; // the writer sends it again
          }
        }
        open.sync();
        return number + 1;
      }
    }
  }

  private static Offer arrived(Mailbox<Message> mailbox, Frame frame) {
    return mailbox.offer(new Message.Arrived(frame.from(), frame.bytes().buffer().getLong()));
  }

  private static void send(Link link, PeerId to, long number) {
    ByteBuffer frame = ByteBuffer.allocate(Long.BYTES).putLong(0, number);
    // Whatever becomes of it: the writer sends again what is not told to be durable.
    Offer ignored = link.send(to, Bytes.of(frame), Urgency.NORMAL);
    if (ignored == Offer.REJECTED) {
      return;
    }
  }
}
