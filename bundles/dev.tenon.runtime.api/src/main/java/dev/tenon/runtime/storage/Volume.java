package dev.tenon.runtime.storage;

import java.util.List;

/// A node's data folder. The conductor's: everyone else holds a [Storage] that it handed on. Blocking.
public interface Volume {
  /// @param location a path of names `[A-Za-z0-9_.-]+` joined by `/`, relative to the node's folder; empty for the
  ///     folder
  ///     itself. Made with the first blob
  /// @return a new view; several may exist, each revoked by itself
  Storage scope(String location);

  /// Ends a view. Returns when no call of it is inside; every later one throws [FencedException].
  ///
  /// @param view from [#scope]
  void revoke(Storage view);

  /// @param parent as in [#scope]
  /// @return the names of the folders directly beneath it, sorted; none if it does not exist
  List<String> locations(String parent);

  /// Durable on return.
  ///
  /// @param from an existing location
  /// @param to does not exist
  void rename(String from, String to);

  /// Deletes a location with all beneath it; durable on return. Absent is no error.
  ///
  /// @param location as in [#scope], not empty
  void delete(String location);

  /// What a location holds on the medium, what was not yet made durable included. Walks over names and sizes only.
  ///
  /// @param location as in [#scope]; absent holds nothing
  /// @return bytes of all blobs beneath it
  long usedBytes(String location);

  /// @return free bytes for this process
  long usableBytes();
}
