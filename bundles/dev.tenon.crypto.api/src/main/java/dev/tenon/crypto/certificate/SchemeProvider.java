package dev.tenon.crypto.certificate;

import dev.tenon.codec.Codec;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.runtime.role.MemoryRead;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/// Certificate schemes by scope, which is always an epoch. The role `scheme`: engines hold the facade of a slot, which
/// is of this interface as what a [SchemeFactory] makes is. Any thread; nothing blocks.
@ProviderType
public interface SchemeProvider {
  /// The service property that names the scheme, such as `ed25519`.
  String SCHEME = "scheme";

  /// The name of the scheme.
  ///
  /// @return such as `ed25519`
  @MemoryRead
  String scheme();

  /// Makes an epoch known. The same epoch again with the same participants does nothing; with others it is refused.
  ///
  /// @param epoch unsigned
  /// @param participants its validators
  /// @param signer this node's key; empty, or a key that is no participant's, gives a verifier
  /// @throws IllegalArgumentException if the epoch is known with other participants
  @MemoryRead
  void register(long epoch, Participants participants, Optional<SignerHandle> signer);

  /// Forgets epochs that nothing refers to any more.
  ///
  /// @param epoch the oldest that stays, unsigned
  @MemoryRead
  void forgetBefore(long epoch);

  /// The scheme of an epoch.
  ///
  /// @param epoch unsigned
  /// @return empty if it is not known
  @MemoryRead
  Optional<CertificateScheme> scoped(long epoch);

  /// A verifier that is valid for every epoch, where the scheme has one.
  ///
  /// @return empty for schemes of lists of signatures
  @MemoryRead
  Optional<CertificateScheme> all();

  /// How votes and certificates are written.
  ///
  /// @return always the same
  @MemoryRead
  CertificateForm form();

  /// The wire form of a certificate from trusted local storage, for any number of participants.
  ///
  /// @return its codec
  @MemoryRead
  default Codec<Certificate> storedCertificateCodec() {
    return form().storedCertificateCodec();
  }

  /// The wire form of a vote; the same for all epochs.
  ///
  /// @return its codec
  @MemoryRead
  default Codec<Attestation> attestationCodec() {
    return form().attestationCodec();
  }
}
