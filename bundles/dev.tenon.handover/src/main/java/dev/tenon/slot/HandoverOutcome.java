package dev.tenon.slot;

import java.util.Locale;

/// How a handover of a slot ended, or what a look at one found. Holds nothing of a provider.
///
/// @param kind how
/// @param provider to whom, `name@version`; empty where that is nobody
/// @param text why, in one phrase; empty for [Kind#NONE] and [Kind#DONE]
/// @param phase in which it was given up, in one word; empty where that says nothing
/// @param items copied
/// @param bytes copied
public record HandoverOutcome(Kind kind, String provider, String text, String phase, long items, long bytes) {
  private static final double MIB = 1 << 20;
  /// There was none yet.
  public static final HandoverOutcome NONE = new HandoverOutcome(Kind.NONE, "", "");

  /// One of which nothing else is known.
  ///
  /// @param kind as above
  /// @param provider as above
  /// @param text as above
  public HandoverOutcome(Kind kind, String provider, String text) {
    this(kind, provider, text, "", 0, 0);
  }

  /// How it ended. Everything but [#NONE], [#DONE] and [#POSSIBLE] means that who served goes on.
  public enum Kind {
    /// There was none.
    NONE,
    /// The provider serves.
    DONE,
    /// It was only looked at, and nothing speaks against it.
    POSSIBLE,
    /// The slot is in no state to be handed over, or a handover is under way.
    NOT_NOW,
    /// The slot is pinned.
    PINNED,
    /// No such provider is registered.
    ABSENT,
    /// It serves already.
    SERVES,
    /// The provider takes smaller items than are there.
    LIMITS,
    /// The slot would stand on itself.
    CYCLE,
    /// The disk has too little room for both.
    NO_SPACE,
    /// More was written than copied.
    NOT_CONVERGING,
    /// A deadline has passed.
    OVERDUE,
    /// Calls of the provider were left behind and have not returned: it is not taken again for now.
    HANGS,
    /// The provider has gone meanwhile.
    GONE,
    /// It is not wished for any more, or somebody else is.
    CANCELLED,
    /// What was read or read back is damaged.
    DAMAGED,
    /// The one that serves has emitted what is not safe yet: where it is rebuilt there is no place to switch.
    AHEAD,
    /// What was rebuilt is not what the one that serves has emitted.
    DIVERGED,
    /// What is kept does not reach back to where rebuilding would begin.
    NO_HISTORY,
    /// The provider, or the one that serves, has failed.
    FAILED,
    /// The record could not be written.
    RECORD,
    /// The node stops, or who serves goes.
    LEFT
  }

  /// Whether a handover was begun or refused, and who served goes on.
  ///
  /// @return false for what is no failure
  public boolean isFailure() {
    return switch (kind) {
      case NONE, DONE, POSSIBLE -> false;
      case NOT_NOW, PINNED, ABSENT, SERVES, LIMITS, CYCLE, NO_SPACE, NOT_CONVERGING, OVERDUE, HANGS, GONE, CANCELLED,
          DAMAGED, AHEAD, DIVERGED, NO_HISTORY, FAILED, RECORD, LEFT -> true;
    };
  }

  /// @return how much was copied, in one phrase; empty where nothing was
  public String carried() {
    return items == 0 ? "" : String.format(Locale.ROOT, "%,d items (%.1f MiB) copied", items, bytes / MIB);
  }

  /// One line for an operator.
  @Override
  public String toString() {
    return switch (kind) {
      case NONE -> "";
      case DONE -> "handed over to " + provider + (items == 0 ? "" : ", " + carried());
      case POSSIBLE -> "possible: " + text;
      case NOT_NOW, PINNED, ABSENT, SERVES, LIMITS, CYCLE, NO_SPACE, NOT_CONVERGING, OVERDUE, HANGS, GONE, CANCELLED,
          DAMAGED, AHEAD, DIVERGED, NO_HISTORY, FAILED, RECORD, LEFT ->
          "not handed over" + (provider.isEmpty() ? "" : " to " + provider) + ": " + text
              + (phase.isEmpty() ? "" : " (" + phase + (items == 0 ? "" : ", " + carried()) + ")");
    };
  }
}
