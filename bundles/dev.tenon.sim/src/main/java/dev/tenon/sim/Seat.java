package dev.tenon.sim;

import java.util.concurrent.Semaphore;

/// Where a waiting task's stack sits until it gets the baton back.
final class Seat {
  final Semaphore baton = new Semaphore(0);
  final Semaphore left = new Semaphore(0);
  final Thread thread = Thread.currentThread();
  /// True when it gets the baton only to unwind: its node or strand has ended.
  boolean killed;
}
