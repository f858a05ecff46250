package dev.tenon.journal;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Stream;
import dev.tenon.runtime.role.Unit;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// One journal of a [JournalStore]. One actor owns it; no method blocks.
@ProviderType
public interface Journal {
  /// What [#append] returns when the write buffer is full and the item was not taken.
  long BACKOFF = -1;

  /// The journal's name.
  ///
  /// @return as it was opened
  @MemoryRead
  String name();

  /// Appends one item to the end of a section. Returning is not durability: see [#commit].
  ///
  /// @param section unsigned, not below the floor; sections need not be contiguous
  /// @param item 0 to `itemBytesMax` bytes between position and limit; not kept after the call
  /// @return the item's index in its section, from 0, growing by 1; or [#BACKOFF]
  /// @throws dev.tenon.runtime.UnavailableException if the store has ended: no item will be taken any more
  @Unit
  @Idempotent
  long append(long section, ByteBuffer item);

  /// Asks that every change so far (appends, rewinds, prunes) be durable. Waiting commits share a force.
  ///
  /// @return delivered once to the owner: only when it is done are the items acknowledged. Where it fails nothing is
  ///     known of what was appended since the last commit that was done: open the journal again and replay
  @Unit
  @Idempotent
  Completion<Durable> commit();

  /// Reads items of one section, those not yet durable included.
  ///
  /// @param section unsigned
  /// @param index of the first
  /// @param max how many at most, above 0
  /// @return up to `max` items and 256 KiB, at least one; none from the end of the section on or below the floor. Fails
  ///     with [dev.tenon.runtime.storage.CorruptionException] where what is stored there is damaged: asking again does
  ///     not help, and nothing else suffers by it; with [dev.tenon.runtime.OutcomeUnknownException] where the journal
  ///     was removed or opened again before it was read
  @Unit
  @Idempotent
  Completion<List<Entry>> read(long section, long index, int max);

  /// Reads on in address order over sections: the way to replay. Ask again from the address after the last entry.
  ///
  /// @param section unsigned
  /// @param index in it
  /// @return up to 1,024 entries and 256 KiB, at least one; none at the end. Fails as [#read] does
  @Stream
  Completion<List<Entry>> replay(long section, long index);

  /// Drops whole sections. Durable with the next commit; the floor survives restarts and handovers.
  ///
  /// @param section the new floor, unsigned: what lies below goes. Not above the floor: nothing happens
  /// @throws dev.tenon.runtime.UnavailableException if the write buffer is full: nothing was changed, try again later
  @Unit
  @Idempotent
  void prune(long section);

  /// Drops all items from an address on, later sections included. Durable with the next commit; until then a crash may
  /// leave any end between the old and the new one.
  ///
  /// @param section unsigned, not below the floor
  /// @param index in it, not above its end
  /// @throws dev.tenon.runtime.UnavailableException if the write buffer is full: nothing was changed, try again later
  @Unit
  @Idempotent
  void rewind(long section, long index);

  /// The lowest section that may hold items, from memory.
  ///
  /// @return unsigned
  @MemoryRead
  long floor();

  /// The sections that hold items, with their ends, from memory; those not yet durable included.
  ///
  /// @return ascending, unsigned
  @MemoryRead
  List<SectionEnd> sections();
}
