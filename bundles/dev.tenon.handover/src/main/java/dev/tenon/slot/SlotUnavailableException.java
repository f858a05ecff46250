package dev.tenon.slot;

import dev.tenon.runtime.UnavailableException;

/// A unit waited for `parkTimeout` and was never dispatched: it may be tried again.
public final class SlotUnavailableException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  private final String slot;
  private final SlotState state;
  private final String reason;

  /// Tells where and why.
  ///
  /// @param slot the full name
  /// @param state where it stands
  /// @param reason why, in one phrase
  public SlotUnavailableException(String slot, SlotState state, String reason) {
    super("slot " + slot + " is " + state + (reason.isEmpty() ? "" : ": " + reason));
    this.slot = slot;
    this.state = state;
    this.reason = reason;
  }

  /// The slot.
  ///
  /// @return its full name
  public String slot() {
    return slot;
  }

  /// Where it stood.
  ///
  /// @return the state
  public SlotState state() {
    return state;
  }

  /// Why.
  ///
  /// @return one phrase, or nothing
  public String reason() {
    return reason;
  }
}
