package dev.tenon.sim;

/// Who makes a runtime call: an actor in its turn, a strand's task, a boot function, or a pure computation.
sealed interface Caller permits SimActor, Task, Caller.Boot, Caller.Pure {
  Incarnation incarnation();

  /// A node that is just starting.
  record Boot(Incarnation incarnation) implements Caller {}

  /// Work on `Compute`, which may make no runtime calls.
  record Pure(Incarnation incarnation) implements Caller {}
}
