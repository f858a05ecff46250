package dev.tenon.runtime;

import dev.tenon.codec.TenonException;

/// Not now. It was never dispatched, so it may be tried again; the engine pauses and health warns.
public class UnavailableException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// @param text what is missing
  public UnavailableException(String text) {
    super(text);
  }
}
