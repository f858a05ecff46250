package dev.tenon.runtime;

import dev.tenon.codec.TenonException;
import org.jspecify.annotations.Nullable;

/// Dispatched, and neither finished nor failed in time. An engine does as after a crash: reload, never repeat blindly.
public final class OutcomeUnknownException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// @param text what was asked of whom
  public OutcomeUnknownException(String text) {
    super(text);
  }

  private OutcomeUnknownException(String text, boolean frames) {
    super(text, frames);
  }

  /// What foreign code has thrown, told without it: neither its class nor anybody's frames, which would hold its class
  /// loader.
  ///
  /// @param thrown of any kind
  /// @return not thrown yet
  public static OutcomeUnknownException of(@Nullable Throwable thrown) {
    return new OutcomeUnknownException(text(thrown), false);
  }

  /// Type and text of what foreign code has thrown. Asks it, so not under a lock.
  ///
  /// @param thrown of any kind
  /// @return without the text where it throws itself when it is asked: its classes may be gone
  public static String text(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "no cause";
    }
    try {
      return thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
    } catch (RuntimeException | Error again) {
      return thrown.getClass().getName();
    }
  }
}
