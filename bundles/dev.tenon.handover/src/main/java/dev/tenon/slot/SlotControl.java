package dev.tenon.slot;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// What operators may ask of the slots of this process: a service. Any thread; nothing blocks.
@ProviderType
public interface SlotControl {
  /// All slots, sorted by name, from memory.
  ///
  /// @return immutable
  List<SlotStatus> slots();
}
