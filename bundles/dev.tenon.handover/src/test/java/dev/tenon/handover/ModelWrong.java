package dev.tenon.handover;

/// A state that must not be.
final class ModelWrong extends AssertionError {
  private static final long serialVersionUID = 1L;

  ModelWrong(String what) {
    super(what);
  }
}
