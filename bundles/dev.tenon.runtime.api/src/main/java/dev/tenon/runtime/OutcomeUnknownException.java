package dev.tenon.runtime;

import dev.tenon.codec.TenonException;

/// Dispatched, and neither finished nor failed in time. An engine does as after a crash: reload, never repeat blindly.
public final class OutcomeUnknownException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// @param text what was asked of whom
  public OutcomeUnknownException(String text) {
    super(text);
  }

  /// What foreign code has thrown, told without it: type and text, and neither its class nor its frames, which would
  /// hold its class loader. Where its classes are gone it may not even have a text.
  ///
  /// @param thrown of any kind
  /// @return not thrown yet
  public static OutcomeUnknownException of(Throwable thrown) {
    String text;
    try {
      text = thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
    } catch (RuntimeException | Error again) {
      text = thrown.getClass().getName();
    }
    return new OutcomeUnknownException(text);
  }
}
