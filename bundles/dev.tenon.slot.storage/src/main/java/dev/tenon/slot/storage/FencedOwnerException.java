package dev.tenon.slot.storage;

import dev.tenon.codec.TenonException;

/// An instance of a slot above asks for something, and a later one has its journals: told to it alone.
final class FencedOwnerException extends TenonException {
  private static final long serialVersionUID = 1L;

  FencedOwnerException(String text) {
    super(text);
  }
}
