package dev.tenon.handover;

import dev.tenon.codec.Check;
import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.ShortReadException;
import dev.tenon.runtime.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The record of one slot: one preallocated file of two record slots that are written alternately, one force each. A
/// write that failed is repeated into the same record slot, never over the last good one. On the desk strand only.
final class RecordStore {
  static final String PARTITION = "records";

  private final Storage storage;
  private final byte[] name;
  /// The record slot that the next version goes to: not the one of the last good version.
  private int next;
  private long sequence;

  RecordStore(Storage storage, String slot) {
    this.storage = storage;
    this.name = slot.getBytes(StandardCharsets.UTF_8);
  }

  /// Reads both record slots, after a force: a version that only the page cache holds must not have the one before it
  /// written over.
  ///
  /// @return the newest valid version, or null
  @Nullable
  Fact read() {
    if (!exists()) {
      return null;
    }
    Fact newest = null;
    next = 0;
    try (Blob blob = storage.open(PARTITION, name)) {
      blob.sync();
      for (int at = 0; at < 2; at++) {
        Fact found = readSlot(blob, at);
        if (found != null) {
          sequence = Math.max(sequence, found.sequence());
          if (newest == null || found.sequence() > newest.sequence()) {
            newest = found;
            next = 1 - at;
          }
        }
      }
    }
    return newest;
  }

  /// Makes the file with two empty record slots, durable. What is there stays.
  void allocate() {
    try (Blob blob = storage.open(PARTITION, name)) {
      if (blob.size() < 2 * RecordCodec.SIZE) {
        blob.write(0, ByteBuffer.allocate(2 * RecordCodec.SIZE));
      }
      blob.sync();
    }
  }

  /// Writes the next version and forces it: durable on return. Each attempt has a sequence number of its own and a
  /// descriptor of its own.
  void write(Fact fact) {
    Fact version = fact.numbered(++sequence);
    byte[] bytes = RecordCodec.encode(version);
    Check.that(version.equals(RecordCodec.decode(bytes)), "a record reads back as it was written");
    try (Blob blob = storage.open(PARTITION, name)) {
      blob.write((long) next * RecordCodec.SIZE, ByteBuffer.wrap(bytes));
      blob.sync();
    }
    next = 1 - next;
  }

  private boolean exists() {
    for (byte[] found : storage.scan(PARTITION)) {
      if (Arrays.equals(found, name)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Fact readSlot(Blob blob, int at) {
    ByteBuffer into = ByteBuffer.allocate(RecordCodec.SIZE);
    try {
      blob.read((long) at * RecordCodec.SIZE, into);
    } catch (ShortReadException torn) {
      return null;
    }
    return RecordCodec.decode(into.array());
  }
}
