package dev.tenon.slot;

/// The calls that are inside a leased slot's provider at one moment, for people.
///
/// @param calls about so many
/// @param overdue how many of them are inside for longer than was asked; some that just became so may be missing
/// @param everOverdue how many have been so far, with those that are inside no more; never falls in one tenure
/// @param oldestMs for how long at least the oldest one is inside; 0 where that is not known yet, or nobody is
public record CallsInside(long calls, long overdue, long everOverdue, long oldestMs) {
  /// Nobody is inside.
  public static final CallsInside NONE = new CallsInside(0, 0, 0, 0);
}
