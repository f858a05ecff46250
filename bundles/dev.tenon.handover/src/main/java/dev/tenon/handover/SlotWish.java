package dev.tenon.handover;

import dev.tenon.slot.SlotName;

/// What the configuration asks of one slot.
///
/// @param name the slot
/// @param provider short name, or empty for any
/// @param limits bounds and deadlines
public record SlotWish(SlotName name, String provider, SlotLimits limits) {}
