package dev.tenon.runtime;

import dev.tenon.codec.TenonException;

/// Not now. It was never dispatched, so it may be tried again; the engine pauses and health warns.
public class UnavailableException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// @param text what is missing
  public UnavailableException(String text) {
    super(text);
  }

  private UnavailableException(String text, boolean frames) {
    super(text, frames);
  }

  /// What foreign code has said, told without anybody's frames: they may hold classes of a bundle that goes.
  ///
  /// @param text what is missing
  /// @return not thrown yet
  public static UnavailableException told(String text) {
    return new UnavailableException(text, false);
  }
}
