package dev.tenon.testkit.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeFactory;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.crypto.certificate.Verdicts;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every provider of the role scheme does, where votes are attributable: each is a signature of one participant.
/// Each is compared with another provider of the same scheme, for a slot may change from one to the other at any call.
///
/// A provider's instance has no end of its own: it is told by its keys, which then sign no more.
public abstract class SchemeContract {
  private static final int COUNT = 7;
  private static final int QUORUM = 5;
  private static final Subject SUBJECT = new Subject(Bytes.of((byte) 1, (byte) 7), Bytes.of((byte) 2, (byte) 3));
  private static final Subject OTHER_SUBJECT = new Subject(SUBJECT.namespace(), Bytes.of((byte) 9));
  private static final Subject OTHER_NAMESPACE = new Subject(Bytes.of((byte) 1), SUBJECT.message());

  private Simulation sim = Simulation.seeded(1);
  private SimNode node = sim.node("v0", booted -> {});
  private List<SigningKey> keys = List.of();
  private Participants participants = Participants.of(List.of(new PublicKey(Bytes.of((byte) 0))));

  /// Called by JUnit.
  protected SchemeContract() {}

  /// @param runtime of its node
  /// @return the provider under test
  protected abstract SchemeFactory provider(Runtime runtime);

  /// @param runtime of its node
  /// @return another provider of the same scheme, of another arithmetic if there is one
  protected abstract SchemeFactory other(Runtime runtime);

  /// @return makes the participants' keys
  protected abstract SignatureAlgorithm algorithm();

  /// Runs tasks that touch memory only, on a thread each where the subclass may have threads.
  ///
  /// @param tasks to be begun at once
  protected abstract void together(List<Runnable> tasks);

  @BeforeEach
  final void begin() {
    sim.close();
    sim = Simulation.seeded(1);
    node = sim.node("v0", booted -> {});
    keys = IntStream.range(0, COUNT).mapToObj(this::key).toList();
    participants = Participants.of(keys.stream().map(SigningKey::publicKey).toList());
  }

  @AfterEach
  final void end() {
    sim.close();
  }

  private SigningKey key(int number) {
    byte[] secret = new byte[algorithm().keySize()];
    Arrays.fill(secret, (byte) (number + 1));
    return algorithm().signingKey(secret);
  }

  /// As a node signs: by the index of the key among the participants.
  private SigningKey keyOf(int signer) {
    return keys.stream().filter(key -> participants.indexOf(key.publicKey()) == signer).findFirst().orElseThrow();
  }

  private SchemeProvider opened(SchemeFactory factory, long generation) {
    String location = "scheme/contract/" + generation;
    return factory.open(new OpenContext("v0/scheme/contract", location, generation,
        node.runtime().volume().scope(location), node.runtime().clock(), node.runtime().metrics(), 1 << 20));
  }

  private SchemeProvider opened() {
    return opened(provider(node.runtime()), 1);
  }

  private SchemeProvider openedOther() {
    return opened(other(node.runtime()), 2);
  }

  private CertificateScheme scheme(SchemeProvider provider, Optional<SignerHandle> signer) {
    provider.register(1, participants, signer);
    return provider.scoped(1).orElseThrow();
  }

  private CertificateScheme verifier() {
    return scheme(opened(), Optional.empty());
  }

  /// Each participant's vote, by an instance of its own.
  private List<Attestation> votes(boolean other, Subject subject) {
    var votes = new ArrayList<Attestation>();
    for (int signer = 0; signer < COUNT; signer++) {
      CertificateScheme scheme =
          scheme(other ? openedOther() : opened(), Optional.of(new ScriptedKey(node.runtime(), keyOf(signer))));
      votes.add(sim.await(node, () -> scheme.sign(subject)).orElseThrow());
    }
    return votes;
  }

  private List<Attestation> votes(Subject subject) {
    return votes(false, subject);
  }

  private boolean accepts(CertificateScheme scheme, Subject subject, Attestation vote) {
    return sim.await(node, () -> scheme.verifyAttestation(subject, vote));
  }

  private boolean accepts(CertificateScheme scheme, Subject subject, Certificate certificate) {
    return sim.await(node, () -> scheme.verifyCertificate(subject, certificate));
  }

  /// The same with one bit turned.
  private static Bytes damaged(Bytes bytes, int at) {
    byte[] changed = bytes.toArray();
    changed[at] ^= 1;
    return Bytes.wrap(changed);
  }

  @Test
  void describesItselfTruthfully() {
    SchemeFactory factory = provider(node.runtime());
    var description = factory.describe();
    assertThat(description).isEqualTo(provider(node.runtime()).describe());
    assertThat(description.provider()).isNotBlank();
    assertThat(description.reads()).contains(description.writes());
    SchemeProvider opened = opened();
    assertThat(opened.scheme()).isEqualTo(description.writes());
    assertThat(opened.scoped(1)).as("an instance begins without an epoch").isEmpty();
    scheme(opened, Optional.empty());
    assertThat(opened(factory, 2).scoped(1)).as("one knows nothing of another").isEmpty();
  }

  @Test
  void isOfTheSameFormAsAnotherProvider() {
    assertThat(opened().scheme()).isEqualTo(openedOther().scheme());
    assertThat(opened().form()).isEqualTo(openedOther().form());
    CertificateScheme scheme = verifier();
    assertThat(scheme.isAttributable()).isTrue();
    assertThat(scheme.isAttributable()).isEqualTo(opened().form().isAttributable());
    assertThat(scheme.isBatchable()).isEqualTo(opened().form().isBatchable());
  }

  @Test
  void keepsEpochsApartAndForgetsOldOnesUnsigned() {
    SchemeProvider provider = opened();
    for (long epoch : new long[] {0, 5, -1}) {
      provider.register(epoch, participants, Optional.empty());
    }
    provider.register(5, participants, Optional.empty());
    Participants others = Participants.of(List.of(keys.getFirst().publicKey()));
    assertThatIllegalArgumentException().isThrownBy(() -> provider.register(5, others, Optional.empty()));
    assertThat(provider.scoped(5).orElseThrow().participants()).isEqualTo(participants);
    CertificateScheme held = provider.scoped(0).orElseThrow();
    provider.forgetBefore(5);
    assertThat(provider.scoped(0)).isEmpty();
    assertThat(provider.scoped(5)).isPresent();
    assertThat(provider.scoped(-1)).as("2^64 - 1").isPresent();
    assertThat(accepts(held, SUBJECT, votes(SUBJECT).getFirst())).as("held by a call that is inside").isTrue();
    provider.register(0, others, Optional.empty());
    assertThat(provider.scoped(0).orElseThrow().participants()).isEqualTo(others);
  }

  @Test
  void signsAsTheParticipantThatItsKeyIs() {
    for (int signer = 0; signer < COUNT; signer++) {
      CertificateScheme scheme = scheme(opened(), Optional.of(new ScriptedKey(node.runtime(), keyOf(signer))));
      assertThat(scheme.me()).isEqualTo(signer);
      Attestation vote = sim.await(node, () -> scheme.sign(SUBJECT)).orElseThrow();
      assertThat(vote.signer()).isEqualTo(signer);
      assertThat(accepts(scheme, SUBJECT, vote)).isTrue();
      assertThat(accepts(scheme, OTHER_SUBJECT, vote)).isFalse();
      assertThat(accepts(scheme, OTHER_NAMESPACE, vote)).isFalse();
    }
  }

  @Test
  void whoIsNoParticipantOrHasNoKeySignsNothing() {
    CertificateScheme stranger = scheme(opened(), Optional.of(new ScriptedKey(node.runtime(), key(99))));
    assertThat(stranger.me()).isEqualTo(-1);
    assertThat(sim.await(node, () -> stranger.sign(SUBJECT))).isEmpty();
    CertificateScheme silent = verifier();
    assertThat(silent.me()).isEqualTo(-1);
    assertThat(sim.await(node, () -> silent.sign(SUBJECT))).isEmpty();
  }

  @Test
  void aVoteCountsForTheOneWhoSignedIt() {
    CertificateScheme verifier = verifier();
    List<Attestation> votes = votes(SUBJECT);
    for (int signer = 0; signer < COUNT; signer++) {
      Attestation taken = new Attestation(signer, votes.get((signer + 1) % COUNT).signature());
      assertThat(accepts(verifier, SUBJECT, taken)).as("signed by another than %s", signer).isFalse();
    }
    for (int unknown : new int[] {COUNT, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      assertThat(accepts(verifier, SUBJECT, new Attestation(unknown, votes.getFirst().signature()))).isFalse();
    }
  }

  @Test
  void aSignatureThatWasTouchedAnywhereIsRefused() {
    CertificateScheme verifier = verifier();
    Attestation vote = votes(SUBJECT).get(2);
    for (int at = 0; at < vote.signature().size(); at++) {
      assertThat(accepts(verifier, SUBJECT, new Attestation(2, damaged(vote.signature(), at)))).as("at %s", at)
          .isFalse();
    }
    byte[] ones = new byte[vote.signature().size()];
    Arrays.fill(ones, (byte) 0xff);
    assertThat(accepts(verifier, SUBJECT, new Attestation(2, Bytes.wrap(ones)))).isFalse();
  }

  @Test
  void tellsWhichOfSeveralVotesAreValidAsSingleChecksDo() {
    CertificateScheme verifier = verifier();
    List<Attestation> votes = new ArrayList<>(votes(SUBJECT));
    votes.set(1, new Attestation(1, votes.get(2).signature()));
    votes.set(4, new Attestation(COUNT, votes.get(4).signature()));
    votes.set(5, new Attestation(-1, votes.get(5).signature()));
    Verdicts verdicts = sim.await(node, () -> verifier.verifyAttestations(SUBJECT, votes));
    assertThat(verdicts.invalid()).containsExactly(1, 4, 5);
    assertThat(verdicts.verified()).containsExactly(votes.get(0), votes.get(2), votes.get(3), votes.get(6));
    votes.forEach(vote -> assertThat(accepts(verifier, SUBJECT, vote)).isEqualTo(verdicts.verified().contains(vote)));
    assertThat(sim.await(node, () -> verifier.verifyAttestations(SUBJECT, List.of())))
        .isEqualTo(new Verdicts(List.of(), List.of()));
    CertificateScheme other = scheme(openedOther(), Optional.empty());
    assertThat(sim.await(node, () -> other.verifyAttestations(SUBJECT, votes))).isEqualTo(verdicts);
  }

  @Test
  void certifiesWithAQuorumAndNotBelowInAnyOrder() {
    CertificateScheme verifier = verifier();
    List<Attestation> votes = votes(SUBJECT);
    assertThat(participants.quorum()).isEqualTo(QUORUM);
    assertThat(verifier.assemble(List.of())).isEmpty();
    assertThat(verifier.assemble(votes.subList(0, QUORUM - 1))).isEmpty();
    assertThat(verifier.assemble(votes.reversed())).isEqualTo(verifier.assemble(votes));
    for (List<Attestation> enough : List.of(votes.subList(0, QUORUM), votes.subList(2, COUNT).reversed(), votes)) {
      Certificate certificate = verifier.assemble(enough).orElseThrow();
      assertThat(accepts(verifier, SUBJECT, certificate)).isTrue();
      assertThat(accepts(verifier, OTHER_SUBJECT, certificate)).isFalse();
      assertThat(certificate.attestations()).containsExactlyInAnyOrderElementsOf(enough);
      assertThat(certificate.attestations()).extracting(Attestation::signer).isSorted();
    }
    var strange = new ArrayList<>(votes.subList(0, QUORUM));
    strange.set(0, new Attestation(COUNT, votes.getFirst().signature()));
    assertThat(verifier.assemble(strange)).isEmpty();
  }

  @Test
  void refusesACertificateWithAForgeryOrOfAnotherSetOfParticipants() {
    CertificateScheme verifier = verifier();
    List<Attestation> forged = new ArrayList<>(votes(SUBJECT));
    forged.set(3, votes(OTHER_SUBJECT).get(3));
    assertThat(accepts(verifier, SUBJECT, verifier.assemble(forged).orElseThrow())).isFalse();
    SchemeProvider provider = opened();
    Participants fewer = Participants.of(participants.keys().subList(0, COUNT - 1));
    provider.register(2, fewer, Optional.empty());
    Certificate ofFewer =
        provider.scoped(2).orElseThrow().assemble(votes(SUBJECT).subList(0, QUORUM)).orElseThrow();
    assertThat(accepts(verifier, SUBJECT, ofFewer)).isFalse();
    assertThat(accepts(provider.scoped(2).orElseThrow(), SUBJECT, ofFewer)).isTrue();
  }

  /// No codec makes such a one.
  @Test
  void refusesACertificateThatNamesASignerTwiceOrAStranger() {
    CertificateScheme verifier = verifier();
    List<Attestation> votes = votes(SUBJECT);
    Bytes encoded = verifier.assemble(votes).orElseThrow().encoded();
    List<Attestation> twice = new ArrayList<>(Collections.nCopies(QUORUM, votes.getFirst()));
    assertThat(accepts(verifier, SUBJECT, new Certificate(encoded, twice))).isFalse();
    List<Attestation> stranger = new ArrayList<>(votes.subList(0, QUORUM - 1));
    stranger.add(new Attestation(COUNT, votes.getLast().signature()));
    assertThat(accepts(verifier, SUBJECT, new Certificate(encoded, stranger))).isFalse();
    assertThat(accepts(verifier, SUBJECT, new Certificate(encoded, votes.subList(0, QUORUM)))).isTrue();
  }

  @Test
  void aSignerThatVotesTwiceIsABadArgument() {
    CertificateScheme verifier = verifier();
    Attestation vote = votes(SUBJECT).getFirst();
    assertThatIllegalArgumentException().isThrownBy(() -> verifier.assemble(List.of(vote, vote)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> verifier.verifyAttestations(SUBJECT, List.of(vote, vote)));
  }

  @Test
  void whatIsWrittenIsReadAgainAndNothingElse() {
    CertificateScheme scheme = verifier();
    List<Attestation> votes = votes(SUBJECT);
    roundTrip(scheme.attestationCodec(), votes.get(6));
    roundTrip(opened().attestationCodec(), votes.get(0));
    for (List<Attestation> enough : List.of(votes, votes.subList(0, QUORUM))) {
      Certificate certificate = scheme.assemble(enough).orElseThrow();
      roundTrip(scheme.certificateCodec(), certificate);
      roundTrip(opened().storedCertificateCodec(), certificate);
      assertThat(scheme.certificateCodec().decode(certificate.encoded()).attestations())
          .isEqualTo(certificate.attestations());
    }
    SchemeProvider larger = opened();
    List<PublicKey> more = new ArrayList<>(participants.keys());
    more.add(key(50).publicKey());
    larger.register(3, Participants.of(more), Optional.empty());
    Bytes ofMore = larger.scoped(3).orElseThrow().assemble(votes).orElseThrow().encoded();
    assertThatThrownBy(() -> scheme.certificateCodec().decode(ofMore)).as("of more participants than there are")
        .isInstanceOf(InvalidDataException.class);
  }

  private static <T> void roundTrip(Codec<T> codec, T value) {
    Bytes written = codec.encode(value);
    assertThat(codec.decode(written)).isEqualTo(value);
    assertThat(codec.encode(codec.decode(written))).isEqualTo(written);
    byte[] bytes = written.toArray();
    for (int length = 0; length < bytes.length; length++) {
      Bytes cut = Bytes.wrap(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> codec.decode(cut)).as("cut at %s", length).isInstanceOf(InvalidDataException.class);
    }
    Bytes longer = Bytes.wrap(Arrays.copyOf(bytes, bytes.length + 1));
    assertThatThrownBy(() -> codec.decode(longer)).isInstanceOf(InvalidDataException.class);
  }

  @Test
  void writesTheSameBytesAsAnotherProviderAndAcceptsWhatThatOneMade() {
    List<Attestation> mine = votes(false, SUBJECT);
    assertThat(mine).isEqualTo(votes(true, SUBJECT));
    CertificateScheme here = verifier();
    CertificateScheme there = scheme(openedOther(), Optional.empty());
    Certificate certificate = here.assemble(mine).orElseThrow();
    assertThat(there.assemble(mine).orElseThrow().encoded()).isEqualTo(certificate.encoded());
    assertThat(there.certificateCodec().encode(certificate)).isEqualTo(here.certificateCodec().encode(certificate));
    for (CertificateScheme each : List.of(here, there)) {
      assertThat(accepts(each, SUBJECT, certificate)).isTrue();
      mine.forEach(vote -> assertThat(accepts(each, SUBJECT, vote)).isTrue());
    }
  }

  @Test
  void afterItsEndItVerifiesAndSignsNothing() {
    var key = new ScriptedKey(node.runtime(), keyOf(0));
    CertificateScheme held = scheme(opened(), Optional.of(key));
    Attestation vote = sim.await(node, () -> held.sign(SUBJECT)).orElseThrow();
    key.end();
    assertThat(sim.outcome(node, () -> held.sign(SUBJECT))).as("an outcome, nothing that is thrown")
        .isInstanceOfSatisfying(Outcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(FencedException.class));
    assertThat(accepts(held, SUBJECT, vote)).as("a call that was inside").isTrue();
    assertThat(held.me()).isZero();
  }

  @Test
  void anyThreadMayRegisterForgetAndLookUp() {
    SchemeProvider provider = opened();
    int epochs = 200;
    List<Runnable> tasks = new ArrayList<>();
    for (int task = 0; task < 4; task++) {
      tasks.add(() -> {
        for (int epoch = 0; epoch < epochs; epoch++) {
          provider.register(epoch, participants, Optional.empty());
          Optional<CertificateScheme> found = provider.scoped(epoch);
          // It may be forgotten by now, but it is never a half one.
          found.ifPresent(scheme -> assertThat(scheme.participants()).isEqualTo(participants));
          provider.forgetBefore(epoch / 2);
        }
      });
    }
    together(tasks);
    assertThat(provider.scoped(epochs - 1)).isPresent();
    provider.forgetBefore(epochs);
    for (int epoch = 0; epoch < epochs; epoch++) {
      assertThat(provider.scoped(epoch)).isEmpty();
    }
  }
}
