package dev.tenon.sim;

import org.jspecify.annotations.Nullable;

/// Something that happens at an instant of virtual time, unless its owner has ended before.
abstract class Event {
  long timeNs;
  int tie;
  long sequence;
  final @Nullable Incarnation owner;

  Event(@Nullable Incarnation owner) {
    this.owner = owner;
  }

  abstract void fire();

  /// @return false if what led to this event turned out not to have happened
  boolean wanted() {
    return owner == null || !owner.hasEnded();
  }

  /// Called in place of [#fire] where the event is not wanted.
  void dropped() {}

  final boolean before(Event other) {
    if (timeNs != other.timeNs) {
      return timeNs < other.timeNs;
    }
    return tie != other.tie ? tie < other.tie : sequence < other.sequence;
  }
}
