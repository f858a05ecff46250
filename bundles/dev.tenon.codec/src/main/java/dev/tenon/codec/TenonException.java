package dev.tenon.codec;

/// The root of everything Tenon throws for a caller to act on. Fields carry the facts; the text repeats them.
public abstract class TenonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param text a lower-case sentence with the values in it
  protected TenonException(String text) {
    super(text);
  }

  /// @param text a lower-case sentence with the values in it
  /// @param cause what led to it
  protected TenonException(String text, Throwable cause) {
    super(text, cause);
  }

  /// @param text a lower-case sentence with the values in it
  /// @param frames false where the frames of who makes it would hold classes of a bundle that goes
  protected TenonException(String text, boolean frames) {
    super(text, null, frames, frames);
  }
}
