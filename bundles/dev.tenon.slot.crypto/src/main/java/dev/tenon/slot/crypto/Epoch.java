package dev.tenon.slot.crypto;

import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.storage.CorruptionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an engine has registered, as it stands in the slot's own book: any provider can be taught it again.
///
/// @param number unsigned
/// @param participants its validators
/// @param signer this node's key, without a lease; null for who only verifies
record Epoch(long number, Participants participants, @Nullable SignerHandle signer) {
  /// This node's place, or -1.
  int me() {
    return signer == null ? -1 : participants.indexOf(signer.publicKey());
  }

  /// Makes it known to a provider, where it is not.
  void teach(Inside inside) {
    inside.provider().register(number, participants, Optional.ofNullable(signer).map(inside::leased));
  }

  /// The scheme of a provider, which is taught the epoch where it came to the slot while the door was shut.
  CertificateScheme of(Inside inside) {
    Optional<CertificateScheme> known = inside.provider().scoped(number);
    if (known.isEmpty()) {
      teach(inside);
      known = inside.provider().scoped(number);
    }
    return known.orElseThrow(() -> differs("not known after it was registered"));
  }

  /// @throws CorruptionException where a provider was taught something else
  void compare(SchemeProvider provider) {
    CertificateScheme scheme = provider.scoped(number).orElseThrow(() -> differs("not known"));
    if (!scheme.participants().equals(participants)) {
      throw differs("known with other participants");
    }
    if (scheme.me() != me()) {
      throw differs("known with place " + scheme.me());
    }
  }

  private CorruptionException differs(String found) {
    return new CorruptionException("schemes", Long.toUnsignedString(number), 0,
        participants.count() + " participants, place " + me(), found);
  }
}
