package dev.tenon.journal;

/// What a commit reports.
///
/// @param changes how many changes (appends, rewinds, prunes) made through this [Journal] object are now durable
public record Durable(long changes) {}
