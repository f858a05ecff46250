package dev.tenon.sim;

/// What waits for one actor.
///
/// @param actor its name
/// @param offered messages in its lanes
/// @param bound of all lanes together
/// @param own timers and completions in its inbox, bounded by what it has asked for
public record MailboxLoad(String actor, int offered, int bound, int own) {}
