package dev.tenon.sim;

/// How a node ends without being asked.
public enum CrashKind {
  /// Of what was written and not synced any subset of 512-byte pieces is left, and any length between the durable and
  /// the written one. What is left is durable.
  POWER_LOSS,
  /// What was written stays, but is still unsynced: a later power loss may take it.
  PROCESS_KILL
}
