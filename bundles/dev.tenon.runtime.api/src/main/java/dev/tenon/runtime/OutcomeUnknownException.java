package dev.tenon.runtime;

import dev.tenon.codec.TenonException;

/// Dispatched, and neither finished nor failed in time. An engine does as after a crash: reload, never repeat blindly.
public final class OutcomeUnknownException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// @param text what was asked of whom
  public OutcomeUnknownException(String text) {
    super(text);
  }
}
