package dev.tenon.crypto;

import dev.tenon.runtime.Runtime;
import org.osgi.annotation.versioning.ProviderType;

/// Keeps secret keys by name. A service; the one of `signer.local` keeps them in files that only the owner can read.
@ProviderType
public interface Signers {
  /// Opens a key, and makes it where it is absent. May block on files: not for handlers.
  ///
  /// @param runtime signs on its `Compute` and makes keys from its entropy
  /// @param name `[a-z0-9-]+`
  /// @return a handle on it
  /// @throws dev.tenon.runtime.storage.StorageFailedException if the key cannot be read or made, or others may read it
  SignerHandle signer(Runtime runtime, String name);
}
