package dev.tenon.handover;

import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.HandoverOutcome.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/// What is told of a slot's handovers when they end: who asked, from whom to whom, how much was copied, and how much of
/// that behind the fence, where it ended and how long nobody was served. One line each, for whoever asks later what
/// happened. The conductor's.
final class SwapAudit {
  private static final double MS_NS = 1e6;

  private final String slot;
  private String cause = "";
  private String from = "";
  private long items;
  private long bytes;
  /// Of the items, those that were copied before the fence.
  private long itemsBefore;
  private String phase = "";
  private HandoverOutcome said = HandoverOutcome.NONE;
  private HandoverOutcome told = HandoverOutcome.NONE;
  /// Handed over to, and does not serve yet.
  private boolean due;

  SwapAudit(String slot) {
    this.slot = slot;
  }

  /// The slot's machine has made a step.
  void saw(SlotModel before, SlotModel now) {
    Standby was = before.standby();
    Standby is = now.standby();
    if (isFilling(is) && !isFilling(was)) {
      cause = cause(before);
      from = Present.of(before.chosen()).label();
      items = 0;
      bytes = 0;
      itemsBefore = 0;
    }
    if (isFilling(is)) {
      items = Present.of(is).items();
      bytes = Present.of(is).bytes();
      if (now.isServing()) {
        itemsBefore = items;
      }
    }
    phase = (isFilling(was) ? Present.of(was).stage().toString() : before.phase().toString())
        .toLowerCase(Locale.ROOT);
  }

  private static boolean isFilling(@Nullable Standby standby) {
    return standby != null && standby.isFilling() && !standby.isLook();
  }

  private static String cause(SlotModel before) {
    String wish = before.terms().provider();
    Fact fact = Present.of(before.fact());
    if (before.going()) {
      return "its provider goes";
    }
    if (before.urgent()) {
      return "operator";
    }
    return fact.fulfils(wish) ? "a newer version" : "configuration";
  }

  /// A handover has ended, as the machine says it.
  ///
  /// @param rate of its copying
  /// @return the same, with what the machine does not count
  HandoverOutcome ended(HandoverOutcome outcome, CopyRate rate) {
    String text = outcome.kind() == Kind.NOT_CONVERGING ? outcome.text() + rate.race() : outcome.text();
    said = outcome;
    told = new HandoverOutcome(outcome.kind(), outcome.provider(), text,
        outcome.kind() == Kind.DONE ? "" : phase, items, bytes);
    due = outcome.kind() == Kind.DONE;
    return told;
  }

  /// What is told of an outcome of the machine.
  HandoverOutcome of(HandoverOutcome outcome) {
    return outcome.equals(said) ? told : outcome;
  }

  /// @param log gets the line of a handover once who was handed over to serves, or never will; of another one at once
  void tell(Logger log, SlotModel model, long pauseNs) {
    boolean over = model.isServing() || model.phase() == Phase.FAILED || model.phase() == Phase.SEALED;
    if (due && over) {
      due = false;
      line(log, model).addKeyValue("pauseMs", Math.round(pauseNs / MS_NS * 10) / 10.0).log("slot {}", told);
    }
  }

  /// Of one that came to nothing.
  void tellFailure(Logger log, SlotModel model) {
    line(log, model).addKeyValue("phase", phase).log("slot {}", told);
  }

  private LoggingEventBuilder line(Logger log, SlotModel model) {
    return log.atInfo().addKeyValue("slot", slot).addKeyValue("generation", model.generation())
        .addKeyValue("from", from).addKeyValue("to", told.provider()).addKeyValue("cause", cause)
        .addKeyValue("items", items).addKeyValue("bytes", bytes).addKeyValue("tailItems", items - itemsBefore);
  }
}
