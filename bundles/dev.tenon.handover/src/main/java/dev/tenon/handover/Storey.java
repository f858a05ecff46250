package dev.tenon.handover;

import dev.tenon.slot.SlotName;
import java.util.List;

/// A slot as [StackedSlots] sees it.
interface Storey {
  SlotName name();

  SlotModel model();

  /// The slots on which it stands, from its beginning on.
  List<SlotName> beneath();

  /// The question whether it may fence that is not answered yet; 0 for none.
  long asksTurn();

  /// Whether its strands are to rest because a slot beneath is at its fence.
  void pause(boolean rests);

  /// Whether they do.
  boolean isPaused();

  /// What it stands on has changed.
  ///
  /// @return whether that is new to it
  boolean stands(Footing footing);

  void hear(SlotEvent event);
}
