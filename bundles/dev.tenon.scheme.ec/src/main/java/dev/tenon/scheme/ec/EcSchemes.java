package dev.tenon.scheme.ec;

import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.SignatureLists;
import dev.tenon.runtime.Runtime;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The epochs of one node for one signature algorithm. Knows nothing of OSGi.
public final class EcSchemes implements SchemeProvider {
  private final Runtime runtime;
  private final SignatureAlgorithm algorithm;
  private final SignatureVerifier verifier;
  private final ConcurrentSkipListMap<Long, EcScheme> epochs = new ConcurrentSkipListMap<>(Long::compareUnsigned);
  private final SignatureLists form;

  /// Knows no epoch yet.
  ///
  /// @param runtime the node's
  /// @param algorithm of identity keys and votes
  /// @param verifier checks votes and certificates together with what others ask
  public EcSchemes(Runtime runtime, SignatureAlgorithm algorithm, SignatureVerifier verifier) {
    this.runtime = runtime;
    this.verifier = verifier;
    this.algorithm = algorithm;
    this.form = new SignatureLists(algorithm.signatureSize());
  }

  @Override
  public String scheme() {
    return algorithm.name();
  }

  @Override
  public void register(long epoch, Participants participants, Optional<SignerHandle> signer) {
    var scheme = new EcScheme(runtime, form, verifier, participants, signer.orElse(null));
    EcScheme known = epochs.putIfAbsent(epoch, scheme);
    if (known != null && !known.participants().equals(participants)) {
      throw new IllegalArgumentException("epoch " + Long.toUnsignedString(epoch) + " is known with other participants");
    }
  }

  @Override
  public void forgetBefore(long epoch) {
    epochs.headMap(epoch).clear();
  }

  @Override
  public Optional<CertificateScheme> scoped(long epoch) {
    return Optional.ofNullable(epochs.get(epoch));
  }

  @Override
  public Optional<CertificateScheme> all() {
    return Optional.empty();
  }

  @Override
  public CertificateForm form() {
    return form;
  }
}
