package dev.tenon.journal;

import dev.tenon.codec.Bytes;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/// A provider's opened family: plain blocking code, called by one strand, one call at a time. Starts no threads, keeps
/// no static state, hands out values of this package and the JDK only, exceptions included.
///
/// Any [dev.tenon.runtime.storage.StorageFailedException] ends the instance: only [#close] is called afterwards. One
/// does not: a [dev.tenon.runtime.storage.CorruptionException] of [#read] or [#create] says that what was asked for is
/// damaged. Nothing was changed by it, opening again would not mend it, and every other call goes on; only where a
/// provider puts a part of [JournalProvider#open] off until the first call may that fail as the open would have. Every
/// call finishes or fails within the slot's `operationDeadline`.
@ProviderType
public interface JournalInstance {
  /// What is there, from memory: at open what was found, afterwards with every change that was run, durable or not.
  ///
  /// @return names, floors and ends now; the bytes dropped at open
  OpenReport report();

  /// The floor of one journal now, as [#report] would tell it. A handover asks it under the fence for what changed
  /// last: a provider that can tell at a cost which does not grow with what it holds does.
  ///
  /// @param name any
  /// @return unsigned; empty where there is no such journal
  default OptionalLong floor(String name) {
    for (OpenReport.Found found : report().journals()) {
      if (found.name().equals(name)) {
        return OptionalLong.of(found.floor());
      }
    }
    return OptionalLong.empty();
  }

  /// The end of one section now, as [#report] would tell it, and asked when [#floor] is.
  ///
  /// @param name any
  /// @param section unsigned
  /// @return the index that its next item gets; 0 where nothing is there
  default long end(String name, long section) {
    for (OpenReport.Found found : report().journals()) {
      if (found.name().equals(name)) {
        for (SectionEnd end : found.sections()) {
          if (end.section() == section) {
            return end.end();
          }
        }
      }
    }
    return 0;
  }

  /// From now on shared resources may be used and units come.
  void activate();

  /// Makes an empty journal. Present is no error.
  ///
  /// @param name as in [JournalStore#journal]
  /// @throws dev.tenon.runtime.storage.CorruptionException if something that is no journal stands in its place; nothing
  ///     was changed, and the instance goes on
  /// @throws IllegalArgumentException if it cannot have a journal of this name, however often it is asked; nothing was
  ///     changed, and the instance goes on
  void create(String name);

  /// Removes a journal with all its items. Durable on return. Absent is no error.
  ///
  /// @param name as in [JournalStore#journal]
  void remove(String name);

  /// Appends items to the end of a section. Not durable before [#sync].
  ///
  /// @param name an existing journal
  /// @param section unsigned, not below the floor
  /// @param index the section's end: the index of the first item
  /// @param items one or more
  void append(String name, long section, long index, List<Bytes> items);

  /// Drops all items from an address on, later sections included. Not durable before [#sync]; until then a crash may
  /// leave any end between the old and the new one.
  ///
  /// @param name an existing journal
  /// @param section unsigned
  /// @param index not above its end
  void rewind(String name, long section, long index);

  /// Raises the floor and drops the sections below. Not durable before [#sync]; in order with what came before.
  ///
  /// @param name an existing journal
  /// @param section the new floor, unsigned
  void prune(String name, long section);

  /// Reads items of one section, those not yet durable included.
  ///
  /// @param name an existing journal
  /// @param section unsigned
  /// @param index of the first
  /// @param itemsMax how many at most, above 0
  /// @param bytesMax how many bytes at most; one item may exceed it
  /// @return at least one item; none from the end on
  /// @throws dev.tenon.runtime.storage.CorruptionException if what is stored there is damaged, naming the place; the
  ///     instance goes on
  List<Bytes> read(String name, long section, long index, int itemsMax, int bytesMax);

  /// Makes everything before it durable. A failure is final.
  void sync();

  /// Syncs, and ends writing; leaves what the next open of this location needs to read no history. Within 2 s.
  void seal();

  /// Frees everything; unsynced changes may be lost. Idempotent, within 2 s.
  void close();
}
