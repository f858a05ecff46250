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

  /// Takes the lease on this key for a generation of a slot: from now on no signature reaches a lower generation of
  /// that slot, also none that it has asked for before. Any thread; does not block.
  ///
  /// @param slot the full name
  /// @param generation above 0
  /// @return the key in that generation's hands; its [#sign] fails with
  ///     [dev.tenon.runtime.storage.FencedException] as soon as a higher one has the lease
  /// @throws dev.tenon.runtime.storage.FencedException if a higher one has it already
  SignerHandle lease(String slot, long generation);
}
