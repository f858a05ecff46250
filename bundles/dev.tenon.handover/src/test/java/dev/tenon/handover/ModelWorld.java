package dev.tenon.handover;

import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A state of the whole: the machine and the world around it. Immutable; equal states are equal.
///
/// @param model the machine's
/// @param armed number of each lane's timer, 0 for none
/// @param tasks given to strands and not ended, in their order
/// @param cast who is taken, and for what
/// @param files what lies on disk
/// @param facade what the facade knows, and its callers
/// @param copy what is carried over; null where nothing is
/// @param left what may still happen
record ModelWorld(SlotModel model, List<Long> armed, List<Task> tasks, Cast cast, ModelFiles files, Facade facade,
    @Nullable Copy copy, Left left) {
  /// A step at a strand.
  enum Call {
    LOAD, TAKE, LOCATE, COMMIT, OPEN, RESUME, BATCH, SEAL, MARK, REVOKE, CLOSE, EXPORT, APPLY, DROP, HAND_OVER, OWN,
    RETAIN, FORGET, MEASURE, NOTE;

    /// Whether it has a strand beside the desk.
    boolean isSwept() { return this == DROP || this == FORGET || this == MEASURE; }

    boolean isAtDesk() {
      return switch (this) {
        case LOAD, LOCATE, COMMIT, MARK, REVOKE, DROP, HAND_OVER, OWN, RETAIN, FORGET, MEASURE, NOTE ->
            true;
        case TAKE, OPEN, RESUME, BATCH, SEAL, CLOSE, EXPORT, APPLY -> false;
      };
    }
  }

  /// @param tenant who is called, or -1
  /// @param step its number; -1 where its end is not waited for any more
  /// @param part how far it is
  /// @param hung whether it goes on only by itself, or never
  /// @param left whether its strand was given up
  /// @param fact what it writes
  /// @param location what it is about, or empty
  /// @param units what it has taken from the queue
  /// @param verifies whether an applied piece ends a round
  record Task(Call call, int tenant, long step, int part, boolean hung, boolean left, @Nullable Fact fact,
      String location, List<Integer> units, boolean verifies) {
    static Task of(Call call, int tenant, long step) {
      return new Task(call, tenant, step, 0, false, false, null, "", List.of(), false);
    }

    Task about(@Nullable Fact of, String where) {
      return new Task(call, tenant, step, part, hung, left, of, where, units, verifies);
    }

    Task verifying(boolean ends) {
      return new Task(call, tenant, step, part, hung, left, fact, location, units, ends);
    }

    Task at(int nextPart, List<Integer> taken) {
      return new Task(call, tenant, step, nextPart, hung, left, fact, location, taken, verifies);
    }

    Task hanging(boolean hangs) {
      return new Task(call, tenant, step, part, hangs, left, fact, location, units, verifies);
    }

    Task leftBehind() {
      return new Task(call, tenant, -1, part, true, true, fact, location, units, verifies);
    }

    Task numbered(int nextTenant, long nextStep) {
      return new Task(call, nextTenant, nextStep, part, hung, left, fact, location, units, verifies);
    }
  }

  /// @param place number of its location, or 0
  /// @param revoked whether its storage view has ended
  /// @param abandoned whether a strand of it was given up
  /// @param adopted whether it was filled and has not served yet
  /// @param owned whether the owner file says that it is in charge
  /// @param givenUp whether it does not take over any more
  record Tenant(int id, Candidate candidate, long generation, int place, boolean revoked, boolean abandoned,
      boolean adopted, boolean owned, boolean givenUp) {
    static Tenant of(int id, Candidate candidate) {
      return new Tenant(id, candidate, 0, 0, false, false, false, true, false);
    }

    Tenant opened(long next, int at) {
      return new Tenant(id, candidate, next, at, false, abandoned, adopted, owned, givenUp);
    }

    Tenant ended(boolean view) {
      return new Tenant(id, candidate, generation, place, revoked || view, abandoned, adopted, owned, true);
    }

    Tenant alone() {
      return new Tenant(id, candidate, generation, place, revoked, true, adopted, owned, givenUp);
    }

    Tenant promoted() {
      return new Tenant(id, candidate, generation, place, revoked, abandoned, true, false, givenUp);
    }

    Tenant serves() {
      return new Tenant(id, candidate, generation, place, revoked, abandoned, false, owned, givenUp);
    }

    Tenant inCharge() {
      return new Tenant(id, candidate, generation, place, revoked, abandoned, adopted, true, givenUp);
    }

    Tenant as(int next) {
      return new Tenant(next, candidate, generation, place, revoked, abandoned, adopted, owned, givenUp);
    }
  }

  /// Who does what; -1 for nobody.
  ///
  /// @param current whose calls the facade books
  record Cast(List<Tenant> tenants, int serving, int standby, int retired, int current) {}

  /// What the facade believes of a journal.
  ///
  /// @param durable its content
  /// @param created whether it is durable that there is one
  /// @param removing whether a removal has begun
  record Mirror(ModelJournal durable, boolean created, boolean removing) {
    static final Mirror NONE = new Mirror(ModelJournal.ABSENT, false, false);
  }

  /// A unit is a number: sixteen times the caller, and the position in its script.
  ///
  /// @param issued how many steps each caller has asked for
  /// @param acknowledged how many of them each knows to be durable; survives crashes, for the check
  /// @param queue what waits
  /// @param signalled whether no unit has to signal
  /// @param kept changes that were run and are not durable
  /// @param known whether a provider has said what there is
  record Facade(List<Integer> issued, List<Integer> acknowledged, List<Integer> queue, boolean signalled,
      List<Integer> kept, List<Mirror> mirrors, boolean known) {}

  /// A journal that is carried over, and its line of the change table.
  ///
  /// @param tracked whether there is one
  /// @param carried what the other side holds once it has applied all pieces
  record Line(boolean tracked, ModelJournal carried, boolean removed, boolean created, boolean rewound,
      boolean pruned) {
    static Line of(ModelJournal held) {
      return new Line(held.exists(), ModelJournal.EMPTY, false, held.exists(), false, held.floor() > 0);
    }

    Line changed(Op op) {
      return switch (op.kind()) {
        case APPEND -> this;
        case REWIND -> tracked && carried.end() > op.at()
            ? new Line(true, carried.with(op), removed, created, true, pruned)
            : this;
        case PRUNE -> tracked ? new Line(true, carried.with(op), removed, created, rewound, true) : this;
        case CREATE -> tracked ? this : new Line(true, ModelJournal.EMPTY, removed, true, false, false);
        case REMOVE -> tracked ? new Line(false, ModelJournal.EMPTY, true, false, false, false) : this;
      };
    }

    /// What is carried over next.
    ///
    /// @param into the orders and items
    Line orders(ModelJournal held, int itemsMax, List<Op> into) {
      if (removed) {
        into.add(new Op(Kind.REMOVE, 0));
      }
      if (!tracked) {
        return new Line(false, ModelJournal.EMPTY, false, false, false, false);
      }
      if (created) {
        into.add(new Op(Kind.CREATE, 0));
      }
      if (rewound) {
        into.add(new Op(Kind.REWIND, carried.end()));
      }
      ModelJournal over = carried;
      if (pruned) {
        Op prune = new Op(Kind.PRUNE, held.floor());
        into.add(prune);
        over = over.with(prune);
      }
      for (int at = over.end(); at < Math.min(held.end(), carried.end() + itemsMax); at++) {
        Op append = new Op(Kind.APPEND, at, held.items().charAt(at - held.floor()));
        into.add(append);
        over = over.with(append);
      }
      return new Line(true, over, false, false, false, false);
    }
  }

  /// @param lines of each journal; empty until the first export
  /// @param roundLeft items of the round that are not carried over; -1 between two rounds
  /// @param piece what was read and not applied
  /// @param expected what the other side then holds
  record Copy(List<Line> lines, int roundLeft, List<List<Op>> piece, List<ModelJournal> expected) {
    static final Copy NONE = new Copy(List.of(), -1, List.of(), List.of());
  }

  /// What may still happen.
  ///
  /// @param wish which of the wishes stands
  /// @param gone providers that are not registered and may come back
  /// @param excused whether something has happened after which the slot may wait for the operator
  /// @param lost whether acknowledged items were found gone
  record Left(int wish, int crashes, int faults, int departures, int stops, int backups, List<Candidate> gone,
      boolean excused, boolean lost) {
    Left fault() {
      return new Left(wish, crashes, faults - 1, departures, stops, backups, gone, excused, lost);
    }

    Left crash() {
      return new Left(wish, crashes - 1, faults, departures, stops, backups, gone, excused, lost);
    }

    Left stop() {
      return new Left(wish, crashes, faults, departures, stops - 1, backups, gone, excused, lost);
    }

    Left backup() {
      return new Left(wish, crashes, faults, departures, stops, backups - 1, gone, true, false);
    }

    Left wished() {
      return new Left(wish + 1, crashes, faults, departures, stops, backups, gone, excused, lost);
    }

    Left departed(Candidate candidate) {
      List<Candidate> away = new ArrayList<>(gone);
      away.add(candidate);
      return new Left(wish, crashes, faults, departures - 1, stops, backups, List.copyOf(away), excused, lost);
    }

    Left returned(int index) {
      List<Candidate> away = new ArrayList<>(gone);
      away.remove(index);
      return new Left(wish, crashes, faults, departures, stops, backups, List.copyOf(away), excused, lost);
    }

    Left excuse() {
      return new Left(wish, crashes, faults, departures, stops, backups, gone, true, lost);
    }

    /// The node ended before the record said that items are gone, and before anybody was told.
    Left forgotten() {
      return new Left(wish, crashes, faults, departures, stops, backups, gone, excused, false);
    }

    Left lose() {
      return new Left(wish, crashes, faults, departures, stops, backups, gone, excused, true);
    }
  }
}
