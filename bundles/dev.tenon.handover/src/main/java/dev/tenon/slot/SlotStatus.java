package dev.tenon.slot;

import org.jspecify.annotations.Nullable;

/// A slot at one moment, in plain values that hold nothing of a provider.
///
/// @param name the slot
/// @param state where it stands
/// @param reason why, in one phrase, for [SlotState#EMPTY], [SlotState#RECOVERING] and [SlotState#FAILED]; else empty
/// @param provider `name@bundle version`; empty where there is none
/// @param generation 0 where there is no record
/// @param parked units that wait
/// @param parkedBytes what they hold
/// @param lastPauseNs from the last fence to its resume; 0 if there was none
/// @param wish the provider that the configuration asks for
/// @param parkedMs how long it has kept units waiting, those included that have given up; 0 where none has waited since
///     it last served
/// @param parkTimeoutMs how long a unit waits at most
/// @param before the provider before, as `provider`; empty where there was none
/// @param progress who is being filled to take over and how far; null where nobody is
/// @param outcome how the last handover ended
/// @param failedHandovers how many failed in a row
/// @param offered a newer version of its provider's bundle that is installed and waits to be asked for; or empty
/// @param stuck how many takings of providers are held by a call that was left behind and has not returned; one
///     provider may have been taken several times
/// @param overdue how many calls have exceeded the operation deadline and have not returned, without those that were
///     left behind
/// @param signingOff whether it was recovered from older storage: whoever signs on it stays silent
/// @param pinned whether its provider stays, whatever is wished for
public record SlotStatus(SlotName name, SlotState state, String reason, String provider, long generation, long parked,
    long parkedBytes, long lastPauseNs, String wish, long parkedMs, long parkTimeoutMs, String before,
    @Nullable HandoverProgress progress, HandoverOutcome outcome, int failedHandovers,
    String offered, int stuck, int overdue, boolean signingOff, boolean pinned) {}
