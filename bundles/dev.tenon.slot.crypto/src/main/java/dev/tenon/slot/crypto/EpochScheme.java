package dev.tenon.slot.crypto;

import dev.tenon.codec.Codec;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SignatureLists;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Unit;
import dev.tenon.slot.Leases;
import dev.tenon.slot.Tenure;
import java.util.List;
import java.util.Optional;

/// The scheme of one epoch that engines hold: never stale, because each call is admitted by itself and asks whoever
/// serves then. By hand, one method like the other. Whatever a provider throws is an answer of its call: the thread is
/// its caller's, whose actor would end by an error.
final class EpochScheme implements CertificateScheme {
  private final Leases<Inside> slot;
  private final Epoch epoch;
  private final CertificateForm form;

  EpochScheme(Leases<Inside> slot, Epoch epoch, CertificateForm form) {
    this.slot = slot;
    this.epoch = epoch;
    this.form = form;
  }

  @Override
  @MemoryRead
  public Participants participants() {
    return epoch.participants();
  }

  @Override
  @MemoryRead
  public int me() {
    return epoch.me();
  }

  @Override
  @Unit
  public Completion<Optional<Attestation>> sign(Subject subject) {
    Tenure<Inside> tenure = slot.tenure();
    int stripe = tenure.enter();
    if (stripe < 0) {
      return slot.later(size(subject), inside -> epoch.of(inside).sign(subject));
    }
    Completion<Optional<Attestation>> owed;
    try {
      owed = epoch.of(tenure.provider()).sign(subject);
    } catch (Throwable thrown) {
      return slot.broken(tenure, stripe, thrown);
    }
    return slot.until(tenure, owed, stripe);
  }

  @Override
  @Unit
  public Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation) {
    Tenure<Inside> tenure = slot.tenure();
    int stripe = tenure.enter();
    if (stripe < 0) {
      return slot.later(size(subject) + size(List.of(attestation)),
          inside -> epoch.of(inside).verifyAttestation(subject, attestation));
    }
    Completion<Boolean> owed;
    try {
      owed = epoch.of(tenure.provider()).verifyAttestation(subject, attestation);
    } catch (Throwable thrown) {
      return slot.broken(tenure, stripe, thrown);
    }
    return slot.until(tenure, owed, stripe);
  }

  @Override
  @Unit
  public Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations) {
    List<Attestation> votes = SignatureLists.distinct(attestations); // a bad argument throws at once, parked or not
    Tenure<Inside> tenure = slot.tenure();
    int stripe = tenure.enter();
    if (stripe < 0) {
      return slot.later(size(subject) + size(votes), inside -> epoch.of(inside).verifyAttestations(subject, votes));
    }
    Completion<Verdicts> owed;
    try {
      owed = epoch.of(tenure.provider()).verifyAttestations(subject, votes);
    } catch (Throwable thrown) {
      return slot.broken(tenure, stripe, thrown);
    }
    return slot.until(tenure, owed, stripe);
  }

  @Override
  @MemoryRead
  public Optional<Certificate> assemble(List<Attestation> attestations) {
    return form.assemble(epoch.participants(), attestations);
  }

  @Override
  @Unit
  public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
    Tenure<Inside> tenure = slot.tenure();
    int stripe = tenure.enter();
    if (stripe < 0) {
      return slot.later(size(subject) + 2 * certificate.encoded().size(),
          inside -> epoch.of(inside).verifyCertificate(subject, certificate));
    }
    Completion<Boolean> owed;
    try {
      owed = epoch.of(tenure.provider()).verifyCertificate(subject, certificate);
    } catch (Throwable thrown) {
      return slot.broken(tenure, stripe, thrown);
    }
    return slot.until(tenure, owed, stripe);
  }

  @Override
  @MemoryRead
  public boolean isAttributable() { return form.isAttributable(); }

  @Override
  @MemoryRead
  public boolean isBatchable() { return form.isBatchable(); }

  @Override
  @MemoryRead
  public Codec<Attestation> attestationCodec() {
    return form.attestationCodec();
  }

  @Override
  @MemoryRead
  public Codec<Certificate> certificateCodec() {
    return form.certificateCodec(epoch.participants().count());
  }

  private static int size(Subject subject) {
    return subject.namespace().size() + subject.message().size();
  }

  private static int size(List<Attestation> votes) {
    return votes.stream().mapToInt(vote -> Integer.BYTES + vote.signature().size()).sum();
  }
}
