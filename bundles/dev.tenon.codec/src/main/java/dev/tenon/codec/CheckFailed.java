package dev.tenon.codec;

/// A programmer's assumption is false. The engine in which it happens stops; nobody else catches it, but an engine
/// takes one of the application's code that it calls as it takes the other exceptions of that.
public final class CheckFailed extends Error {
  private static final long serialVersionUID = 1L;

  /// @param text the assumption that does not hold
  public CheckFailed(String text) {
    super(text);
  }
}
