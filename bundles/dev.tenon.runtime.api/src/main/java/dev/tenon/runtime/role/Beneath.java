package dev.tenon.runtime.role;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.UnavailableException;
import java.util.List;

/// The slots beneath, as a provider's instance sees them. What it keeps there is its own: nobody else sees it, and it
/// goes on under the next generation of the same location. On the instance's strand only; it ends with the instance.
public interface Beneath {
  /// Of a slot that stands on none.
  Beneath NONE = new Beneath() {
    @Override
    public List<String> slots() {
      return List.of();
    }

    @Override
    public <T> T facade(String slot, Class<T> type) {
      throw new ConfigException("dev.tenon.slot.beneath", slot, "a slot that the configuration names");
    }

    @Override
    public <T> T await(Completion<T> owed) {
      throw new UnavailableException("there is no slot beneath");
    }
  };

  /// Which there are.
  ///
  /// @return `<role>/<use>` of each, in the order of the configuration
  List<String> slots();

  /// One of them. Valid as long as the instance, whatever provider serves that slot.
  ///
  /// @param <T> the role's interface
  /// @param slot as in [#slots]
  /// @param type the role's interface
  /// @return the facade
  /// @throws ConfigException if there is no such slot, or it has another role
  <T> T facade(String slot, Class<T> type);

  /// Waits for what such a facade owes, with the slot's deadline. No handover beneath is waited for by it: before a
  /// slot is fenced, the strands above it are paused between two tasks.
  ///
  /// @param <T> the answer
  /// @param owed asked for in this task, with no [Completion#then]
  /// @return the answer; what it failed with is thrown
  /// @throws UnavailableException if that slot has lost its provider, or has not answered in time. What was asked for
  ///     may happen all the same: the instance fails its call, and is opened again
  <T> T await(Completion<T> owed);
}
