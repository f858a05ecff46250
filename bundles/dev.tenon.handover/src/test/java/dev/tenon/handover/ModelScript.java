package dev.tenon.handover;

import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import java.util.ArrayList;
import java.util.List;

/// What one caller does with its journal, in order: `5` appends an item, `r2` rewinds to a position, `p1` prunes, `-`
/// removes, `+` makes anew, `!` commits.
final class ModelScript {
  private static final Op COMMIT = new Op(Kind.CREATE, -1);

  private final List<Op> ops = new ArrayList<>();
  /// What the journal holds after so many steps.
  private final List<ModelJournal> folds = new ArrayList<>();
  final int floorMax;

  ModelScript(String held, String script) {
    ModelJournal now = held.equals("-") ? ModelJournal.ABSENT : new ModelJournal(0, held);
    folds.add(now);
    int highest = 0;
    for (int i = 0; i < script.length(); i++) {
      Op op = switch (script.charAt(i)) {
        case 'r' -> new Op(Kind.REWIND, script.charAt(++i) - '0');
        case 'p' -> new Op(Kind.PRUNE, script.charAt(++i) - '0');
        case '-' -> new Op(Kind.REMOVE, 0);
        case '+' -> new Op(Kind.CREATE, 0);
        case '!' -> COMMIT;
        default -> new Op(Kind.APPEND, now.end(), script.charAt(i));
      };
      ops.add(op);
      now = op.equals(COMMIT) ? now : now.with(op);
      folds.add(now);
      highest = Math.max(highest, now.floor());
    }
    floorMax = highest;
  }

  int length() {
    return ops.size();
  }

  Op op(int position) {
    return ops.get(position);
  }

  ModelJournal after(int steps) {
    return folds.get(steps);
  }

  boolean isCommit(int position) {
    return ops.get(position).equals(COMMIT);
  }

  /// Whether the facade keeps it until it is durable; nobody waits for its end.
  boolean isChange(int position) {
    return switch (ops.get(position).kind()) {
      case APPEND, REWIND, PRUNE -> true;
      case CREATE, REMOVE -> false;
    };
  }

  boolean wantsSync(int position) {
    return ops.get(position).kind() == Kind.CREATE;
  }

  /// Who removes or makes a journal waits for the answer, and so does who goes on after it.
  boolean waits(int position) {
    return !isChange(position) && !isCommit(position);
  }

  /// How many steps what was found amounts to, from the acknowledged ones on.
  ///
  /// @return -1 where it is none of the states that it may be in
  int stepsOf(ModelJournal found, int acknowledged, int issued) {
    for (int steps = acknowledged; steps <= issued; steps++) {
      if (found.isAsAsked(folds.get(steps), floorMax)) {
        return steps;
      }
    }
    return -1;
  }
}
