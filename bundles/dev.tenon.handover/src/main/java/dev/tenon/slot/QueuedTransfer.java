package dev.tenon.slot;

import org.osgi.annotation.versioning.ConsumerType;

/// The role's side of one handover in mode *copy*: carries what one instance holds over to another, piece by piece,
/// while the first one serves. Made by [QueuedFacade#transfer]; of no use once the handover ended.
@ConsumerType
public interface QueuedTransfer {
  /// A part of what is carried over. Holds values of the role's contract and of the JDK only.
  ///
  /// @param content the role's own
  /// @param items how many items
  /// @param bytes what they hold
  /// @param itemsLeft how many items were still to be carried over when it was made; where it is more, how much else
  ///     was. 0 only where nothing was left: the fence comes when it is small
  /// @param endsRound whether all that was there when the round began has been carried over by now
  record Piece(Object content, int items, long bytes, long itemsLeft, boolean endsRound) {}

  /// Reads the next piece: of each store changes of the past first, then items, at most 256 KiB of them or one larger
  /// one; and no more of either than can be applied within the time of one call. On the strand of the instance that
  /// serves, between two batches.
  ///
  /// @param from the instance that serves
  /// @return the piece; without content where nothing is left
  Piece export(Object from);

  /// Applies a piece. On the strand of the instance in standby.
  ///
  /// @param to the instance in standby
  /// @param piece the next one
  void apply(Object to, Piece piece);

  /// Makes durable all that was applied, and compares what the instance then reads back with what was carried over
  /// since the last comparison. On the strand of the instance in standby.
  ///
  /// @param to the instance in standby
  /// @throws dev.tenon.runtime.storage.CorruptionException naming the place that differs
  void verify(Object to);
}
