package dev.tenon.journal;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Unit;
import dev.tenon.runtime.role.Wait;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/// A family of journals, as engines hold it. Valid until the node stops, whatever provider serves it.
@ProviderType
public interface JournalStore {
  /// Opens a journal, and creates it where it is absent. Ends when everything queued for it is durable, so whoever
  /// reloads reads nothing that may still vanish. The journal belongs to the actor that asked.
  ///
  /// @param name `[A-Za-z0-9_-]{1,200}`; `_tenon`, and what begins with `_o_`, is taken
  /// @return the journal. An earlier object of the same name is closed by it: its calls throw [IllegalStateException].
  ///     Fails with [dev.tenon.runtime.storage.CorruptionException] where something that is no journal stands in its
  ///     place, and with [IllegalArgumentException] where the provider has no room for another journal or refuses the
  ///     name; the other journals go on
  @Unit
  @Idempotent
  Completion<Journal> journal(String name);

  /// The names of all journals.
  ///
  /// @return sorted
  @Unit
  @Idempotent
  Completion<List<String>> names();

  /// Removes a journal with all its items; durable when done.
  ///
  /// @param name as in [#journal]
  /// @return whether it was there
  @Unit
  @Idempotent
  Completion<Boolean> remove(String name);

  /// Waits until the slot is active. Ends at once where it is, and fails with a
  /// [dev.tenon.runtime.UnavailableException] once it will not be any more.
  ///
  /// @return the generation that serves
  @Wait
  Completion<Long> whenActive();

  /// The largest item that is taken. From memory.
  ///
  /// @return in bytes; [Integer#MAX_VALUE] while no provider has served, for none has said it yet
  @MemoryRead
  int itemBytesMax();

  /// Whether the journals were recovered from older storage than was acknowledged: who signs what it keeps here may
  /// have signed other things since, and has to stay silent until an operator lifts that. Also where acknowledged
  /// items were found gone. From memory; it may change from true to false at any time, and to true with a new object,
  /// or where items were found gone and another provider has them all: then nothing is missing.
  ///
  /// @return whether nothing may be signed
  @MemoryRead
  boolean signingOff();

  /// Whether the journals were recovered like that and nobody has said since that nothing is missing in them: what is
  /// not here may have been signed all the same, so its absence allows no signature. Stays when [#signingOff] is
  /// lifted, over starts and other providers. From memory; it changes as [#signingOff] does.
  ///
  /// @return true at least as long as [#signingOff] is
  @MemoryRead
  boolean isRecovered();

  /// Whether units are served now rather than parked. From memory.
  ///
  /// @return true in states ACTIVE and PREPARING
  @MemoryRead
  boolean isActive();
}
