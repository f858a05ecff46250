package dev.tenon.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.slot.MailboxModel.Bounds;
import dev.tenon.slot.MailboxModel.Mutant;
import dev.tenon.slot.MailboxModel.Wrong;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: whatever the order in which senders, actors and the slot's strand go on, no message is lost, handled twice,
/// reordered or given to an actor after its seal, and none waits for ever. Method: the real classes in all
/// interleavings within some bounds, each state once. That it finds what it should is shown by what is wrong.
class MailboxModelTest {
  private static final int STATES_MAX = 400_000;

  private final Set<String> seen = new HashSet<>();
  private long ends;

  static List<Bounds> bounds() {
    List<Bounds> all = new ArrayList<>(List.of(
        new Bounds(List.of("mu", "i"), 1, 0, 0, 0),
        new Bounds(List.of("wum"), 1, 1, 0, 0),
        new Bounds(List.of("uw"), 2, 0, 0, 0),
        new Bounds(List.of("iu"), 0, 0, 1, 0),
        new Bounds(List.of("wi"), 1, 0, 1, 0),
        new Bounds(List.of("uim"), 0, 0, 0, 1),
        new Bounds(List.of("ui"), 1, 0, 0, 1),
        new Bounds(List.of("mui", "w"), 1, 1, 0, 0)));
    if (Boolean.getBoolean("tenon.nightly")) {
      all.addAll(List.of(new Bounds(List.of("mui", "wu"), 1, 1, 0, 0), new Bounds(List.of("wi", "u"), 2, 1, 1, 0),
          new Bounds(List.of("wum", "i"), 1, 0, 1, 1)));
    }
    return all;
  }

  /// Each state is reached anew by the way to it: the real objects cannot be copied.
  private void visit(Bounds bounds, Mutant mutant) {
    ArrayDeque<List<String>> open = new ArrayDeque<>();
    open.add(List.of());
    while (!open.isEmpty() && seen.size() < STATES_MAX) {
      List<String> way = open.removeFirst();
      List<String> moves = at(bounds, mutant, way).moves();
      if (moves.isEmpty()) {
        ends++;
        end(at(bounds, mutant, way), way);
      }
      for (String move : moves) {
        List<String> further = new ArrayList<>(way);
        further.add(move);
        if (seen.add(at(bounds, mutant, further).key())) {
          open.addLast(further);
        }
      }
    }
  }

  private static MailboxModel at(Bounds bounds, Mutant mutant, List<String> way) {
    MailboxModel model = new MailboxModel(bounds, mutant);
    try {
      way.forEach(model::go);
    } catch (Wrong wrong) {
      throw told(wrong, way);
    }
    return model;
  }

  private static void end(MailboxModel model, List<String> way) {
    try {
      model.checkEnd();
    } catch (Wrong wrong) {
      throw told(wrong, way);
    }
  }

  private static Wrong told(Wrong wrong, List<String> way) {
    Wrong told = new Wrong(wrong.getMessage() + ":\n  " + String.join("\n  ", way));
    told.initCause(wrong);
    return told;
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void noMessageIsLostDoubledOrReordered(Bounds bounds) {
    visit(bounds, Mutant.NONE);
    System.out.printf("mailbox: %,d states, %,d ends, %s; %s%n", seen.size(), ends,
        seen.size() < STATES_MAX ? "all of them" : "NOT ALL OF THEM", bounds);
    assertThat(seen.size() < STATES_MAX || Boolean.getBoolean("tenon.nightly")).isTrue();
    assertThat(ends).isPositive();
  }

  private static Bounds shows(Mutant mutant) {
    return switch (mutant) {
      case NONE, OWN_IN_MAILBOX -> new Bounds(List.of("w"), 1, 0, 0, 0);
      case NOT_PAUSED, SUMMARY_FORGOTTEN -> new Bounds(List.of("mu"), 1, 0, 0, 0);
      case NOT_TAKEN_BACK -> new Bounds(List.of("mu"), 1, 1, 0, 0);
      case UNITS_AGAIN -> new Bounds(List.of("mu"), 0, 0, 0, 1);
    };
  }

  private static String finds(Mutant mutant) {
    return switch (mutant) {
      case NONE -> "nothing";
      case NOT_PAUSED -> "the summary knows of|after its successor";
      case OWN_IN_MAILBOX -> "is given what actor 0 asked for itself";
      case NOT_TAKEN_BACK -> "is lost|waits for ever";
      case UNITS_AGAIN -> "is handled twice";
      case SUMMARY_FORGOTTEN -> "who serves has counted";
    };
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachMutantIsFound(Mutant mutant) {
    assertThatThrownBy(() -> visit(shows(mutant), mutant)).isInstanceOf(Wrong.class)
        .hasMessageFindingMatch("^[^\\n]*(" + finds(mutant) + ")");
    System.out.println("mailbox: mutant " + mutant + " is found after " + seen.size() + " states");
  }
}
