package dev.tenon.handover;

import dev.tenon.handover.ModelFiles.Place;
import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import dev.tenon.handover.ModelWorld.Line;
import dev.tenon.handover.ModelWorld.Task;
import dev.tenon.handover.StartTable.Verdict;
import dev.tenon.handover.TowerWorld.Base;
import dev.tenon.handover.TowerWorld.Left;
import dev.tenon.handover.TowerWorld.Reply;
import dev.tenon.handover.TowerWorld.Top;
import dev.tenon.slot.SlotName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Two slots while they change, with the real [StackedSlots] between them.
final class TowerRun {
  static final SlotName LOWER = new SlotName("n", "base", "test");
  static final SlotName UPPER = new SlotName("n", "top", "test");
  /// Locations above that have journals beneath: more are not made within the bounds.
  static final int LOCATIONS = 8;
  static final String HELD_BELOW = "1";
  static final String HELD_ABOVE = "7";
  static final String NOTHING = "-";
  static final int OWN = 1;
  static final int OWN_FRESH = 2;
  static final int COMMIT = 3;
  /// Of the caller beneath, as letters of its script: the last item goes, or the first one.
  static final char REWIND = 'r';
  static final char PRUNE = 'p';

  final TowerBounds bounds;
  final TowerMutant mutant;
  final TowerSide lower;
  final TowerSide upper;
  private final StackedSlots stacked;
  // Beneath.
  int issued;
  int acknowledged;
  List<Integer> queue;
  boolean signalled;
  List<Integer> kept;
  List<ModelJournal> durable;
  boolean known;
  List<Line> lines;
  List<List<Op>> piece;
  // Above.
  int upperIssued;
  int upperAcknowledged;
  List<Integer> upperQueue;
  boolean upperSignalled;
  boolean unknown;
  List<String> memory;
  List<Reply> replies;
  int carried;
  String upperPiece;
  Left left;

  TowerRun(TowerBounds bounds, TowerMutant mutant, TowerWorld from) {
    this.bounds = bounds;
    this.mutant = mutant;
    Base base = from.base();
    this.issued = base.issued();
    this.acknowledged = base.acknowledged();
    this.queue = new ArrayList<>(base.queue());
    this.signalled = base.signalled();
    this.kept = new ArrayList<>(base.kept());
    this.durable = new ArrayList<>(base.durable());
    this.known = base.known();
    this.lines = new ArrayList<>(base.lines());
    this.piece = base.piece();
    Top top = from.top();
    this.upperIssued = top.issued();
    this.upperAcknowledged = top.acknowledged();
    this.upperQueue = new ArrayList<>(top.queue());
    this.upperSignalled = top.signalled();
    this.unknown = top.unknown();
    this.memory = new ArrayList<>(top.memory());
    this.replies = new ArrayList<>(top.replies());
    this.carried = top.carried();
    this.upperPiece = top.piece();
    this.left = from.left();
    this.lower = new TowerSide(this, false, from.lower());
    this.upper = new TowerSide(this, true, from.upper());
    Map<SlotName, TowerSide> both = new TreeMap<>(Map.of(LOWER, lower, UPPER, upper));
    this.stacked = new StackedSlots(both, Map.of());
    stacked.changed();
  }

  TowerWorld world() {
    Base base = new Base(issued, acknowledged, List.copyOf(queue), signalled, List.copyOf(kept), List.copyOf(durable),
        known, List.copyOf(lines), piece);
    Top top = new Top(upperIssued, upperAcknowledged, List.copyOf(upperQueue), upperSignalled, unknown,
        List.copyOf(memory), List.copyOf(replies), carried, upperPiece);
    return new TowerWorld(lower.side(), upper.side(), base, top, left);
  }

  /// An event, and what the two slots then mean to each other.
  void hear(TowerSide side, SlotEvent event) {
    side.hear(event);
    settle();
  }

  void settle() {
    if (mutant == TowerMutant.FENCES_OUT_OF_TURN) {
      outOfTurn();
    }
    if (left.stopping() && mutant == TowerMutant.SEALS_UPWARDS
        && lower.model.goal() != SlotModel.Goal.SEAL) {
      lower.hear(new SlotEvent.Stop());
    }
    stacked.settle(left.stopping());
    checkFences();
  }

  private void outOfTurn() {
    for (TowerSide side : List.of(lower, upper)) {
      if (side.asked() != 0 && (side.isUpper || pausedForIt())) {
        side.hear(new SlotEvent.Done(side.asked()));
      }
    }
  }

  private boolean pausedForIt() {
    upper.pause(true);
    return upper.isPaused();
  }

  /// Whether a slot is between its fence and its end.
  private static boolean isFenced(TowerSide side) {
    Standby next = side.model.standby();
    return side.model.turn() && (next == null || next.stage() != Standby.Stage.ASKING);
  }

  private void checkFences() {
    if (isFenced(lower) && isFenced(upper)) {
      throw new ModelWrong("both slots are at their fence");
    }
    if (isFenced(lower) && replies.contains(Reply.WAITING)) {
      throw new ModelWrong("a strand above waits for a fence beneath");
    }
    if (isFenced(lower) && upper.tasks.stream()
        .anyMatch(task -> !task.call().isAtDesk() && task.call() != ModelWorld.Call.CLOSE && !task.left()
            && task.part() >= 0)) {
      throw new ModelWrong("a strand above goes on behind a fence beneath");
    }
    boolean seals = lower.model.goal() == SlotModel.Goal.SEAL && left.stopping();
    if (seals && !upper.model.isEnded() && !upper.model.overdue()) {
      throw new ModelWrong("the slot beneath seals before the one above has ended");
    }
  }

  // What the machines' effects mean for facades.

  void heard(TowerSide side) {
    if (!side.isUpper && side.model.isLost()) {
      for (int journal = 1; journal <= LOCATIONS; journal++) {
        if (replies.get(journal) == Reply.WAITING) {
          replies.set(journal, Reply.FAILED);
        }
      }
      queue.removeIf(unit -> unit / 256 > 0 && (unit % 256 == OWN || unit % 256 == OWN_FRESH || unit % 256 == COMMIT));
    }
  }

  void endTransfer(TowerSide side) {
    if (side.isUpper) {
      carried = -1;
      upperPiece = "";
    } else {
      lines = new ArrayList<>();
      piece = List.of();
    }
  }

  /// A slot serves.
  void serves(TowerSide side) {
    if (side.isUpper && unknown) {
      unknown = false;
      int found = steps(memory.get(side.tenant(side.serving).place()), HELD_ABOVE, bounds.upperItems(),
          upperAcknowledged, upperIssued);
      if (found < 0) {
        throw new ModelWrong("the caller above reads " + memory);
      }
      upperIssued = found;
      upperAcknowledged = found;
    }
  }

  /// How many items of a script a text holds after what was there before; -1 where it holds anything else.
  static int steps(String text, String before, String script, int least, int most) {
    for (int steps = least; steps <= most; steps++) {
      if (text.equals(before + script.substring(0, steps))) {
        return steps;
      }
    }
    return -1;
  }

  /// The strand of a batch is given up.
  void cut(TowerSide side, Task task) {
    if (side.isUpper) {
      unknown |= !task.units().isEmpty();
    } else {
      again(task);
    }
  }

  /// What was run is kept by the facade; who waits for it asks again, if it is not a strand that was told otherwise.
  void again(Task task) {
    List<Integer> commits = new ArrayList<>();
    for (int unit : task.units()) {
      if (unit / 256 == 0) {
        commits.add(COMMIT);
      }
    }
    queue.addAll(0, commits);
  }

  void forgetReply(TowerSide side, int place) {
    if (side.isUpper && place > 0) {
      replies.set(place, Reply.NONE);
    }
  }

  /// An instance above ends: nothing of it is run any more.
  void ended(int place) {
    replies.set(place, Reply.NONE);
    queue.removeIf(unit -> unit / 256 == place);
  }

  /// A unit from a strand above.
  void ask(int place, List<Integer> units) {
    boolean lost = lower.model.isLost();
    for (int unit : units) {
      boolean change = unit > COMMIT;
      if (!lost || change) {
        queue.add(place * 256 + unit);
      }
    }
    replies.set(place, lost ? Reply.FAILED : Reply.WAITING);
    work();
  }

  void work() {
    if (!queue.isEmpty() && !signalled) {
      signalled = true;
      hear(lower, new SlotEvent.Work());
    }
  }

  /// What a journal holds once all that was run is durable.
  ModelJournal fold(int journal) {
    ModelJournal now = durable.get(journal);
    for (int unit : kept) {
      if (unit / 256 == journal) {
        now = unit % 256 == OWN ? (now.exists() ? now : ModelJournal.EMPTY) : now.with(change(now, unit));
      }
    }
    return now;
  }

  /// What a unit does to a journal as it is before.
  static Op change(ModelJournal to, int unit) {
    return switch (unit % 256) {
      case REWIND -> new Op(Kind.REWIND, to.end() - 1);
      case PRUNE -> new Op(Kind.PRUNE, to.floor() + 1);
      default -> new Op(Kind.APPEND, to.end(), (char) (unit % 256));
    };
  }

  /// From where on kept rewinds drop what is durable.
  int low(int journal) {
    ModelJournal now = durable.get(journal);
    int low = Integer.MAX_VALUE;
    for (int unit : kept) {
      if (unit / 256 == journal && unit % 256 > COMMIT) {
        Op op = change(now, unit);
        low = op.kind() == Kind.REWIND ? Math.min(low, op.at()) : low;
        now = now.with(op);
      }
    }
    return low;
  }

  /// How many steps of its caller's script the journal beneath has come; -1 where it is none of the states that it may
  /// be in.
  int stepsBelow(ModelJournal found) {
    ModelJournal now = new ModelJournal(0, HELD_BELOW);
    for (int steps = 0; steps <= issued; steps++) {
      if (steps >= acknowledged && found.equals(now)) {
        return steps;
      }
      now = steps < issued ? now.with(change(now, bounds.lowerItems().charAt(steps))) : now;
    }
    return -1;
  }

  // The whole.

  void start(ModelFiles below, ModelFiles above) {
    lower.start(below, bounds.lowerWishes().get(left.lowerWish()));
    upper.start(above, bounds.upperWishes().get(left.upperWish()));
    queue = new ArrayList<>();
    signalled = false;
    kept = new ArrayList<>();
    durable = new ArrayList<>(Collections.nCopies(LOCATIONS + 1, ModelJournal.ABSENT));
    known = false;
    lines = new ArrayList<>();
    piece = List.of();
    upperQueue = new ArrayList<>();
    upperSignalled = false;
    unknown = true;
    memory = new ArrayList<>(Collections.nCopies(LOCATIONS + 1, NOTHING));
    replies = new ArrayList<>(Collections.nCopies(LOCATIONS + 1, Reply.NONE));
    carried = -1;
    upperPiece = "";
    stacked.changed();
    settle();
    hear(lower, new SlotEvent.Begin());
    hear(upper, new SlotEvent.Begin());
  }

  static Verdict judge(TowerSide side, @Nullable Fact fact, ModelFiles files) {
    List<StartTable.Place> places = new ArrayList<>();
    for (Place place : files.places()) {
      places.add(new StartTable.Place(side.location(place.number()),
          new Owner(side.name().toString(), place.generation(), "f", place.state(), 0)));
    }
    return StartTable.judge(side.name().toString(), fact, places);
  }

  /// Whatever a crash leaves now, all that either slot has acknowledged is where a start looks for it, in order, once.
  void check() {
    List<Integer> above = new ArrayList<>();
    for (ModelFiles files : upper.files.crashes()) {
      above.add(served(judge(upper, files.read(true).newest(), files)));
    }
    for (ModelFiles files : lower.files.crashes()) {
      int number = served(judge(lower, files.read(true).newest(), files));
      if (number > 0) {
        Place place = Present.of(files.place(number));
        if (stepsBelow(place.content(0)) < 0) {
          throw new ModelWrong("after a crash the slot beneath holds " + place);
        }
        for (int location : above) {
          if (location > 0 && steps(place.content(location).items(), HELD_ABOVE, bounds.upperItems(),
              upperAcknowledged, upperIssued) < 0) {
            throw new ModelWrong("after a crash location " + location + " above holds " + place.content(location)
                + ", acknowledged are " + upperAcknowledged);
          }
        }
      }
    }
  }

  private int served(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Serve serve -> ModelFiles.number(serve.fact());
      case Verdict.Vacant vacant -> throw new ModelWrong("after a crash a slot is vacant");
      case Verdict.Refuse(var reason) -> throw new ModelWrong("after a crash the start refuses: " + reason);
    };
  }
}
