package dev.tenon.slot.crypto;

import dev.tenon.codec.Codec;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.role.MemoryRead;
import java.util.Optional;

/// The [SchemeProvider] that engines hold. What it is asked from memory it answers from the slot's own book, so the
/// answer is the same whoever serves, and there while nobody does.
final class SchemeFacade implements SchemeProvider {
  private final SchemeFamily family;

  SchemeFacade(SchemeFamily family) {
    this.family = family;
  }

  @Override
  @MemoryRead
  public String scheme() {
    return family.scheme();
  }

  @Override
  @MemoryRead
  public void register(long epoch, Participants participants, Optional<SignerHandle> signer) {
    family.register(new Epoch(epoch, participants, signer.orElse(null)));
  }

  @Override
  @MemoryRead
  public void forgetBefore(long epoch) {
    family.forgetBefore(epoch);
  }

  @Override
  @MemoryRead
  public Optional<CertificateScheme> scoped(long epoch) {
    return family.epoch(epoch).map(known -> new EpochScheme(family.slot(), known, family.form()));
  }

  /// Schemes of lists have none. One that has will need a verifier without an epoch here.
  @Override
  @MemoryRead
  public Optional<CertificateScheme> all() {
    return Optional.empty();
  }

  @Override
  @MemoryRead
  public CertificateForm form() {
    return family.form();
  }

  @Override
  @MemoryRead
  public Codec<Certificate> storedCertificateCodec() {
    return family.form().storedCertificateCodec();
  }

  @Override
  @MemoryRead
  public Codec<Attestation> attestationCodec() {
    return family.form().attestationCodec();
  }
}
