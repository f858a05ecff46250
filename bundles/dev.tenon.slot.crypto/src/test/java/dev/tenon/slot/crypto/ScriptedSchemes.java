package dev.tenon.slot.crypto;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.SignatureLists;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A provider that notes each call with the generation that it came to, and does what the script says.
final class ScriptedSchemes implements SchemeFactory {
  /// What goes wrong, if anything does.
  interface Fault {
    /// @param call such as `open`, `register`, `verify`
    /// @return true if the call is to hang for ever, where it has an answer
    boolean at(String call);
  }

  /// @param generation of the slot
  /// @param committed the highest generation whose record was durable by then
  /// @param message what was asked
  record Call(long generation, long committed, Bytes message) {}

  private final Runtime runtime;
  private final String name;
  private final String scheme;
  private final List<Call> calls;
  private final LongSupplier committed;
  private final Map<Long, Integer> inside;
  private final Fault fault;
  /// Whatever it was given, for ever: a provider that does not let go.
  final List<SignerHandle> kept = new ArrayList<>();

  ScriptedSchemes(Runtime runtime, String name, String scheme, List<Call> calls, LongSupplier committed,
      Map<Long, Integer> inside, Fault fault) {
    this.runtime = runtime;
    this.name = name;
    this.scheme = scheme;
    this.calls = calls;
    this.committed = committed;
    this.inside = inside;
    this.fault = fault;
  }

  @Override
  public Description describe() {
    return new Description(name, scheme, List.of(scheme), Integer.MAX_VALUE);
  }

  @Override
  public SchemeProvider open(OpenContext context) {
    fault.at("open");
    context.metrics().gauge("tenon_test_generation", "A level.", "slot", context.slot())
        .set((double) context.generation());
    context.metrics().counter("tenon_test_" + name + "_total", "A count.", "slot", context.slot()).increment();
    return new Instance(context.generation());
  }

  private final class Instance implements SchemeProvider {
    private final long generation;
    private final TreeMap<Long, Known> epochs = new TreeMap<>();

    Instance(long generation) {
      this.generation = generation;
    }

    @Override
    public String scheme() {
      return scheme;
    }

    @Override
    public void register(long epoch, Participants participants, Optional<SignerHandle> signer) {
      fault.at("register");
      signer.ifPresent(kept::add);
      epochs.putIfAbsent(epoch, new Known(generation, participants, signer.orElse(null)));
    }

    @Override
    public void forgetBefore(long epoch) {
      fault.at("forget");
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
      return new SignatureLists(64);
    }
  }

  private final class Known implements CertificateScheme {
    private final long generation;
    private final Participants participants;
    private final @Nullable SignerHandle signer;

    Known(long generation, Participants participants, @Nullable SignerHandle signer) {
      this.generation = generation;
      this.participants = participants;
      this.signer = signer;
    }

    private <T> Completion<T> answer(String call, Subject subject, T value) {
      calls.add(new Call(generation, committed.getAsLong(), subject.message()));
      if (fault.at(call)) {
        return runtime.<T>promise().completion();
      }
      inside.merge(generation, 1, Integer::sum);
      return runtime.compute().submit(() -> {
        inside.merge(generation, -1, Integer::sum);
        return value;
      }).map(each -> {
        fault.at("answer");
        return each;
      });
    }

    @Override
    public Participants participants() {
      return participants;
    }

    @Override
    public int me() {
      return signer == null ? -1 : participants.indexOf(signer.publicKey());
    }

    @Override
    public Completion<Optional<Attestation>> sign(Subject subject) {
      calls.add(new Call(generation, committed.getAsLong(), subject.message()));
      fault.at("sign");
      SignerHandle key = java.util.Objects.requireNonNull(signer);
      return key.sign(subject.namespace(), subject.message())
          .map(signature -> Optional.of(new Attestation(me(), signature.bytes())));
    }

    @Override
    public Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation) {
      return answer("verify", subject, true);
    }

    @Override
    public Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations) {
      return answer("verify", subject, new Verdicts(attestations, List.of()));
    }

    @Override
    public Optional<Certificate> assemble(List<Attestation> attestations) {
      return new SignatureLists(64).assemble(participants, attestations);
    }

    @Override
    public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
      return answer("verify", subject, true);
    }

    @Override
    public boolean isAttributable() { return true; }

    @Override
    public boolean isBatchable() { return true; }

    @Override
    public Codec<Attestation> attestationCodec() {
      return Attestation.codec(64);
    }

    @Override
    public Codec<Certificate> certificateCodec() {
      return new SignatureLists(64).storedCertificateCodec();
    }
  }

  static SignerHandle keptBy(Map<String, ScriptedSchemes> all, String name) {
    return java.util.Objects.requireNonNull(all.get(name)).kept.getLast();
  }

  /// What a call came with, in order.
  static List<Long> generations(List<Call> calls) {
    List<Long> all = new ArrayList<>();
    calls.forEach(call -> all.add(call.generation()));
    return all;
  }
}
