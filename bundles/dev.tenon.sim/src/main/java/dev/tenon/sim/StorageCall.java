package dev.tenon.sim;

/// One storage call of a task: which view, from when to when, and how it is to end.
///
/// @param view through which it came
/// @param task who called
/// @param startNs when it begins to have effects
/// @param endNs when it returns; never, if the node crashes in it or it fails
/// @param fails throws after what it may have done
/// @param crashes the node crashes in it
record StorageCall(SimStorage view, Task task, long startNs, long endNs, boolean fails, boolean crashes) {}
