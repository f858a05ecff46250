package dev.tenon.runtime.storage;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/// A view of one location, for one instance, used from one strand, revocable by the conductor. Blocking.
///
/// A partition's name is `[A-Za-z0-9_-]+`; a blob's name is 1 to 120 bytes. Every call may throw [FencedException],
/// [NoSpaceException] or [StorageFailedException]; after a failed change the object concerned is dead.
public interface Storage {
  /// Opens a blob, and creates it where it is absent. What was created is durable with the blob's first sync.
  ///
  /// @param partition made where absent
  /// @param name the blob
  /// @return an open blob; one living handle a blob
  Blob open(String partition, byte[] name);

  /// @param partition absent means empty
  /// @return the names of its blobs, sorted as unsigned bytes
  /// @throws CorruptionException if an entry of the folder is no blob
  List<byte[]> scan(String partition);

  /// @return the names of the partitions, sorted
  List<String> partitions();

  /// Durable on return. Absent is no error.
  ///
  /// A removal that failed, or in which the process ended, may be seen and yet be undone by a power loss, until another
  /// one from the same partition has returned, be it of an absent blob.
  ///
  /// @param partition where
  /// @param name the blob; not open
  void remove(String partition, byte[] name);

  /// Writes a small blob as a whole: all or nothing, durable on return. Not while it is open.
  ///
  /// After a failure the old or the new is seen, and a new that is seen may be lost again until the blob is opened and
  /// synced, or replaced once more.
  ///
  /// @param partition made where absent
  /// @param name the blob
  /// @param whole from position to limit
  void replace(String partition, byte[] name, ByteBuffer whole);

  /// One barrier over several blobs, forced side by side.
  ///
  /// @param blobs open blobs of this view
  void syncAll(Collection<Blob> blobs);

  /// @return free bytes for this process
  long usableBytes();
}
