package dev.tenon.journal;

import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import org.osgi.annotation.versioning.ProviderType;

/// Offers journals to slots. Registered as a service with `tenon.role=journal` and `tenon.provider`.
@ProviderType
public interface JournalProvider {
  /// The role's name.
  String ROLE = "journal";

  /// What it is. No I/O; any thread.
  ///
  /// @return always the same
  Description describe();

  /// Recovers what lies at a location and makes it durable before it returns: bytes found after a restart may be in the
  /// page cache only. On the slot's strand; blocks.
  ///
  /// @param context all that the instance may use
  /// @return the instance, which accepts units once [JournalInstance#activate] was called
  /// @throws dev.tenon.runtime.storage.CorruptionException if what is stored breaks an invariant; opening again will
  ///     not
  ///     heal it
  /// @throws dev.tenon.runtime.storage.StorageFailedException if the disk fails; opening again may help
  JournalInstance open(OpenContext context);
}
