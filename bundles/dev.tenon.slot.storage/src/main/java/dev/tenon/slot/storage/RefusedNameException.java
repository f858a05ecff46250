package dev.tenon.slot.storage;

import dev.tenon.codec.TenonException;

/// The provider does not make a journal of this name: told to who asked for it alone.
final class RefusedNameException extends TenonException {
  private static final long serialVersionUID = 1L;

  RefusedNameException(String text) {
    super(text);
  }
}
