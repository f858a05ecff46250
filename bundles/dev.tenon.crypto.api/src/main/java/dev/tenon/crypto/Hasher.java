package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import org.osgi.annotation.versioning.ProviderType;

/// Hashes whole byte strings. Pure; any thread.
@ProviderType
public interface Hasher {
  /// The service property that names the function, such as `sha256` or `blake3`.
  String FUNCTION = "tenon.hash";

  /// Hashes bytes.
  ///
  /// @param parts hashed one after the other, as if concatenated
  /// @return their digest
  Digest hash(Bytes... parts);
}
