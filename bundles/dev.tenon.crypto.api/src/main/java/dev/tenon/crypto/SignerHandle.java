package dev.tenon.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Completion;
import org.osgi.annotation.versioning.ProviderType;

/// Signs with one secret key that never leaves its room.
@ProviderType
public interface SignerHandle {
  /// The key that others know the signer by.
  ///
  /// @return the public key
  PublicKey publicKey();

  /// Signs `framed(namespace, message)`.
  ///
  /// @param namespace may be empty
  /// @param message what is signed
  /// @return the signature; [dev.tenon.runtime.UnavailableException] where the signer is not there
  Completion<Signature> sign(Bytes namespace, Bytes message);
}
