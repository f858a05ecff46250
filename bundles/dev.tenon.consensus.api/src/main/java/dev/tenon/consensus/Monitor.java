package dev.tenon.consensus;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/// Announces epochs.
@ConsumerType
public interface Monitor {
  /// The epoch now.
  ///
  /// @return never lower than before
  Epoch current();

  /// Hears of every change from now on. Epochs may be skipped; the newest is never lost.
  ///
  /// @param changed offers to a mailbox; any thread; must not block
  /// @return ends the subscription
  Subscription subscribe(Consumer<Epoch> changed);

  /// A subscription that can be ended.
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
