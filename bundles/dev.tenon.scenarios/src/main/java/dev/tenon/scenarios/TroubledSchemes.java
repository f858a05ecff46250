package dev.tenon.scenarios;

import dev.tenon.codec.Codec;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateForm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.scenarios.Faults.Deed;
import dev.tenon.scenarios.Faults.Side;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands before a scheme provider, lets its calls go wrong as ordered, and counts who is inside.
///
/// @param runtime of this life
/// @param real does the work
/// @param faults what goes wrong
/// @param turns which generation may be called
/// @param isServed whether the slot serves, so that what is opened now is to take over
record TroubledSchemes(Runtime runtime, SchemeFactory real, Faults faults, Turns turns, BooleanSupplier isServed)
    implements SchemeFactory {
  @Override
  public Description describe() {
    return real.describe();
  }

  @Override
  public SchemeProvider open(OpenContext context) {
    Side side = isServed.getAsBoolean() ? Side.STANDBY : Side.SERVING;
    return faults.call(ROLE, side, "open",
        () -> new Instance(real.open(context), context.generation(), side == Side.STANDBY));
  }

  private final class Instance implements SchemeProvider {
    private final SchemeProvider opened;
    private final long generation;
    private final boolean isToTakeOver;

    Instance(SchemeProvider opened, long generation, boolean isToTakeOver) {
      this.opened = opened;
      this.generation = generation;
      this.isToTakeOver = isToTakeOver;
    }

    /// A call from memory. Of who serves an engine makes it in its turn, and nothing hangs in it; who is to take over
    /// is called on its strand.
    private <T> T call(String call, Supplier<T> work) {
      Side side = turns.side(generation);
      if (side == Side.STANDBY && isToTakeOver) {
        return faults.call(ROLE, side, call, work);
      }
      Deed deed = faults.due(ROLE, side, call);
      Faults.fail(deed == Deed.HANGS ? Deed.THROWS : deed, call);
      T answer = work.get();
      Faults.failAfter(deed, call);
      return answer;
    }

    private void run(String call, Runnable work) {
      call(call, () -> {
        work.run();
        return true;
      });
    }

    @Override
    public String scheme() {
      return opened.scheme();
    }

    @Override
    public void register(long epoch, Participants participants, Optional<SignerHandle> signer) {
      run("register", () -> opened.register(epoch, participants, signer));
    }

    @Override
    public void forgetBefore(long epoch) {
      run("forget", () -> opened.forgetBefore(epoch));
    }

    @Override
    public Optional<CertificateScheme> scoped(long epoch) {
      return call("scoped", () -> opened.scoped(epoch).map(scheme -> new Scheme(scheme, generation)));
    }

    @Override
    public Optional<CertificateScheme> all() {
      return opened.all();
    }

    @Override
    public CertificateForm form() {
      return opened.form();
    }
  }

  private final class Scheme implements CertificateScheme {
    private final CertificateScheme opened;
    private final long generation;

    Scheme(CertificateScheme opened, long generation) {
      this.opened = opened;
      this.generation = generation;
    }

    /// A call whose answer may never come.
    private <T> Completion<T> ask(String call, Supplier<Completion<T>> work) {
      turns.called(generation);
      @Nullable Deed deed = faults.due(ROLE, turns.side(generation), call);
      if (deed == Deed.HANGS) {
        faults.leftHanging(ROLE, generation);
        return runtime.<T>promise().completion();
      }
      Faults.fail(deed, call);
      Completion<T> owed = work.get();
      Faults.failAfter(deed, call);
      turns.enter(generation);
      var answer = runtime.<T>promise();
      owed.onEnd(outcome -> {
        turns.leave(generation);
        answer.end(outcome);
      });
      return answer.completion();
    }

    @Override
    public Participants participants() {
      return opened.participants();
    }

    @Override
    public int me() {
      return opened.me();
    }

    @Override
    public Completion<Optional<Attestation>> sign(Subject subject) {
      return ask("sign", () -> opened.sign(subject));
    }

    @Override
    public Completion<Boolean> verifyAttestation(Subject subject, Attestation attestation) {
      return ask("verify", () -> opened.verifyAttestation(subject, attestation));
    }

    @Override
    public Completion<Verdicts> verifyAttestations(Subject subject, List<Attestation> attestations) {
      return ask("verify", () -> opened.verifyAttestations(subject, attestations));
    }

    @Override
    public Optional<Certificate> assemble(List<Attestation> attestations) {
      return opened.assemble(attestations);
    }

    @Override
    public Completion<Boolean> verifyCertificate(Subject subject, Certificate certificate) {
      return ask("verify", () -> opened.verifyCertificate(subject, certificate));
    }

    @Override
    public boolean isAttributable() { return opened.isAttributable(); }

    @Override
    public boolean isBatchable() { return opened.isBatchable(); }

    @Override
    public Codec<Attestation> attestationCodec() {
      return opened.attestationCodec();
    }

    @Override
    public Codec<Certificate> certificateCodec() {
      return opened.certificateCodec();
    }
  }
}
