package dev.tenon.slot;

import dev.tenon.codec.TenonException;

/// A strategy refuses to hand over: the handover is given up for this reason, and who serves goes on.
public final class HandoverRefusedException extends TenonException {
  private static final long serialVersionUID = 1L;

  private final HandoverOutcome.Kind kind;

  /// Tells why.
  ///
  /// @param kind a failure's
  /// @param text one phrase for an operator
  public HandoverRefusedException(HandoverOutcome.Kind kind, String text) {
    super(text);
    this.kind = kind;
  }

  /// Why.
  ///
  /// @return how the handover ends
  public HandoverOutcome.Kind kind() {
    return kind;
  }
}
