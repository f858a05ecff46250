package dev.tenon.sim;

/// Kinds of storage calls, each with a cost of its own and each able to fail.
public enum DiskOp {
  /// Opens or creates a blob.
  OPEN,
  /// Reads from a blob.
  READ,
  /// Writes to a blob.
  WRITE,
  /// Cuts or grows a blob.
  RESIZE,
  /// Makes a blob durable; `syncAll` counts once for each of its blobs.
  SYNC,
  /// Lists blobs, partitions or locations.
  SCAN,
  /// Removes a blob.
  REMOVE,
  /// Replaces a blob as a whole.
  REPLACE,
  /// Renames a location.
  RENAME,
  /// Deletes a location.
  DELETE
}
