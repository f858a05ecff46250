package dev.tenon.handover;

import dev.tenon.slot.SlotUnit;

/// A unit that does nothing.
class IdleUnit extends SlotUnit {
  @Override
  public int bytes() {
    return 10;
  }

  @Override
  public void run(Object instance) {}

  @Override
  public void deliver() {}

  @Override
  public void fail(RuntimeException cause) {}
}
