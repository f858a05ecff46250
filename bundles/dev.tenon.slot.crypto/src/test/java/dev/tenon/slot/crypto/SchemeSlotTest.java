package dev.tenon.slot.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.SignerLeases;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.Subject;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.Waiter;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnavailableException;
import dev.tenon.slot.Tenure;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One thing after the other: what becomes of epochs, calls and keys when one provider takes over from another.
class SchemeSlotTest {
  private static final Attestation VOTE = new Attestation(0, Bytes.of(new byte[64]));

  private final SchemeWorld world = new SchemeWorld(11);

  @AfterEach
  void close() {
    world.close();
  }

  private Completion<Boolean> verify(CertificateScheme scheme, int number) {
    return scheme.verifyAttestation(SchemeWorld.subject(number), VOTE);
  }

  private boolean verified(CertificateScheme scheme, int number) {
    return world.simulation.await(world.node, () -> verify(scheme, number));
  }

  private static List<String> told(Completion<?> owed) {
    List<String> seen = new ArrayList<>();
    owed.onEnd(outcome -> seen.add(switch (outcome) {
      case Outcome.Done<?> done -> "done";
      case Outcome.Failed<?>(var cause) -> cause.getClass().getSimpleName();
    }));
    return seen;
  }

  @Test
  void aSchemeThatAnEngineHoldsIsServedByWhoeverServes() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    assertThat(verified(held, 1)).isTrue();
    world.wish("two");
    world.awaitServing("two");
    assertThat(verified(held, 2)).isTrue();
    assertThat(ScriptedSchemes.generations(world.calls)).containsExactly(1L, 2L);
    assertThat(world.status().outcome().toString()).startsWith("handed over to two@1.0.0");
    world.wish("one");
    world.awaitServing("one");
    assertThat(verified(held, 3)).isTrue();
    assertThat(ScriptedSchemes.generations(world.calls)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatIsAskedFromMemoryIsThereWhileNobodyServes() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.withdraw("one");
    world.withdraw("two");
    world.simulation.runUntil(() -> world.status().state() == SlotState.EMPTY, Duration.ofMinutes(1));
    assertThat(world.facade().scheme()).isEqualTo("ed25519");
    assertThat(held.participants()).isEqualTo(SchemeWorld.PARTICIPANTS);
    assertThat(held.me()).isZero();
    assertThat(held.assemble(List.of(VOTE, new Attestation(1, VOTE.signature())))).isPresent();
    world.registerEpoch(2); // nobody hears it now
    List<String> seen = told(verify(world.epoch(2), 7));
    assertThat(seen).isEmpty();
    world.register("two");
    world.simulation.runUntil(() -> !seen.isEmpty(), Duration.ofMinutes(1));
    assertThat(seen).containsExactly("done");
  }

  @Test
  void aUnitThatFindsNobodyForTooLongFails() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.withdraw("one");
    world.withdraw("two");
    world.simulation.runUntil(() -> world.status().state() == SlotState.EMPTY, Duration.ofMinutes(1));
    List<String> seen = told(verify(held, 1));
    world.simulation.run(Duration.ofSeconds(12));
    assertThat(seen).containsExactly(SlotUnavailableException.class.getSimpleName());
    assertThat(world.calls).isEmpty();
  }

  @Test
  void aCallThatHangsKeepsWhoServes() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.faults.put("one", call -> call.equals("verify") && world.calls.size() == 1);
    verify(held, 1); // never ends
    world.wish("two");
    world.simulation.run(Duration.ofSeconds(5));
    assertThat(world.status().outcome().toString())
        .contains("calls inside have not ended within 300 ms: 1 inside, the oldest for at least ");
    world.wish("one");
    world.awaitServing("one");
    assertThat(verified(held, 2)).isTrue();
    assertThat(ScriptedSchemes.generations(world.calls)).containsExactly(1L, 1L);
  }

  private double metric(String name) {
    return world.node.metrics().value(name, "slot", SchemeWorld.NAME.toString());
  }

  @Test
  void aCallThatHangsIsCountedBeforeAnybodyAsksForASwap() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.faults.put("one", call -> call.equals("verify") && world.calls.size() % 2 == 1);
    verify(held, 1); // never ends
    world.simulation.run(Duration.ofSeconds(4));
    assertThat(metric("tenon_slot_overdue")).isZero();
    assertThat(verified(held, 2)).isTrue();
    world.simulation.run(Duration.ofSeconds(4));
    assertThat(metric("tenon_slot_overdue")).isEqualTo(1);
    assertThat(world.status().overdue()).isEqualTo(1);
    verify(held, 3);
    world.simulation.run(Duration.ofSeconds(8));
    assertThat(metric("tenon_slot_overdue")).isEqualTo(2);
    assertThat(metric("tenon_slot_overdue_calls_total")).isEqualTo(2);
    world.withdraw("one");
    world.awaitServing("two");
    world.simulation.run(Duration.ofSeconds(1));
    assertThat(world.status().overdue()).isZero();
    assertThat(metric("tenon_slot_overdue_calls_total")).isEqualTo(2);
  }

  private static ScriptedSchemes.Fault failing(String wrong) {
    return call -> {
      if (call.equals(wrong)) {
        throw new IllegalStateException("planted");
      }
      return false;
    };
  }

  private List<String> measured() {
    return world.node.metrics().names().stream().filter(each -> each.startsWith("tenon_test_"))
        .map(each -> each.substring(0, each.indexOf('{'))).toList();
  }

  @Test
  void whatAProviderMeasuresGoesWithIt() {
    world.awaitServing("one");
    assertThat(measured()).containsExactly("tenon_test_generation", "tenon_test_one_total");
    world.wish("two");
    world.awaitServing("two");
    world.simulation.run(Duration.ofSeconds(1));
    assertThat(measured()).containsExactly("tenon_test_generation", "tenon_test_two_total");
    assertThat(metric("tenon_test_generation")).isEqualTo(2);
    world.faults.put("one", failing("register"));
    world.registerEpoch(1);
    world.wish("one");
    world.simulation.run(Duration.ofSeconds(5));
    assertThat(world.status().outcome().toString()).startsWith("not handed over to one");
    assertThat(measured()).containsExactly("tenon_test_generation", "tenon_test_two_total");
    assertThat(metric("tenon_test_generation")).isEqualTo(2);
  }

  @Test
  void oneThatCannotBeTaughtDoesNotTakeOver() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.faults.put("two", failing("register"));
    world.wish("two");
    world.simulation.run(Duration.ofSeconds(5));
    assertThat(world.status().outcome().toString()).startsWith("not handed over to two@1.0.0");
    assertThat(world.serves("one")).isTrue();
    assertThat(verified(held, 1)).isTrue();
  }

  private static List<Completion<?>> asked(CertificateScheme scheme) {
    Subject subject = SchemeWorld.subject(1);
    Certificate certificate = scheme.assemble(List.of(VOTE, new Attestation(1, VOTE.signature()))).orElseThrow();
    return List.of(scheme.sign(subject), scheme.verifyAttestation(subject, VOTE),
        scheme.verifyAttestations(subject, List.of(VOTE)), scheme.verifyCertificate(subject, certificate));
  }

  @Test
  void whatAProviderThrowsIsToldToItsCallerAndChangesNothing() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.faults.put("one", call -> {
      throw new NoClassDefFoundError("planted in " + call);
    });
    asked(held).forEach(owed -> assertThat(told(owed)).containsExactly("OutcomeUnknownException"));
    world.registerEpoch(2);
    assertThat(told(verify(world.epoch(2), 1))).containsExactly("OutcomeUnknownException");
    world.facade().forgetBefore(1);
    world.faults.clear();
    assertThat(verified(world.epoch(2), 1)).isTrue();
    assertThat(world.serves("one")).isTrue();
    assertThat(world.status().generation()).as("it was not opened again").isEqualTo(1);
    world.wish("two");
    world.awaitServing("two");
  }

  @Test
  void whatAProviderThrowsAtWhatWaitedIsToldToItsCallerAndChangesNothing() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.withdraw("one");
    world.withdraw("two");
    world.simulation.runUntil(() -> world.status().state() == SlotState.EMPTY, Duration.ofMinutes(1));
    List<List<String>> seen = asked(held).stream().map(SchemeSlotTest::told).toList();
    world.faults.put("two", call -> {
      if (call.equals("sign") || call.equals("verify")) {
        throw new NoClassDefFoundError("planted in " + call);
      }
      return false;
    });
    world.register("two");
    world.wish("two");
    world.awaitServing("two");
    world.simulation.run(Duration.ofSeconds(1));
    seen.forEach(each -> assertThat(each).containsExactly("OutcomeUnknownException"));
    assertThat(world.serves("two")).isTrue();
    assertThat(world.status().generation()).as("it was not opened again").isEqualTo(2);
  }

  @Test
  void aSealWaitsForAsLongAsItsSlotLets() {
    List<Long> slept = new ArrayList<>();
    Waiter waiter = new Waiter() {
      @Override
      public void wake() {}

      @Override
      public boolean sleepUntil(long deadlineNs) {
        slept.add(deadlineNs);
        return false;
      }
    };
    Runtime runtime = world.runtime;
    SlotPort port = (SlotPort) Proxy.newProxyInstance(SlotPort.class.getClassLoader(), new Class<?>[] {SlotPort.class},
        (proxy, method, given) -> switch (method.getName()) {
          case "name" -> SchemeWorld.NAME;
          case "stripes" -> runtime.stripes();
          case "clock" -> runtime.clock();
          case "waiter" -> waiter;
          case "sealDeadlineMs" -> 300L;
          default -> throw new AssertionError(method);
        });
    SchemeFamily family = new SchemeFamily(port);
    Tenure<?> tenure =
        (Tenure<?>) family.open(Objects.requireNonNull(world.providers.get("one")), new OpenContext("n", "l", 1,
            runtime.volume().scope("l"), runtime.clock(), runtime.metrics(), 1 << 20));
    int stripe = tenure.enterPastDoor();
    assertThatThrownBy(() -> family.seal(tenure)).isInstanceOf(UnavailableException.class);
    assertThat(slept).containsExactly(runtime.clock().monotonicNs() + 300_000_000);
    tenure.exit(stripe);
    family.seal(tenure);
  }

  @Test
  void anotherSchemeIsNoSwap() {
    world.awaitServing("one");
    world.withdraw("two");
    world.schemes.put("two", "p256");
    world.register("two");
    world.wish("two");
    world.simulation.run(Duration.ofSeconds(5));
    assertThat(world.status().outcome().toString()).contains("it does not read format ed25519");
    assertThat(world.serves("one")).isTrue();
  }

  @Test
  void theLeaseOnAKeyMovesWithTheRecord() {
    world.awaitServing("one");
    SignerHandle key = world.key();
    world.facade().register(1, SchemeWorld.PARTICIPANTS, Optional.of(key));
    SignerHandle ofOne = key.lease(SchemeWorld.NAME.toString(), 1);
    assertThat(world.simulation.await(world.node, () -> world.epoch(1).sign(SchemeWorld.subject(1)))).isPresent();
    world.wish("two");
    world.awaitServing("two");
    assertThat(world.simulation.await(world.node, () -> world.epoch(1).sign(SchemeWorld.subject(2)))).isPresent();
    assertThat(world.signed).hasSize(2);
    assertThat(world.simulation.outcome(world.node, () -> ofOne.sign(Bytes.EMPTY, Bytes.EMPTY)))
        .isInstanceOfSatisfying(Outcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(FencedException.class));
    assertThat(world.signed).hasSize(2);
  }

  private Outcome<?> signs(SignerHandle key) {
    return world.simulation.outcome(world.node, () -> key.sign(Bytes.EMPTY, Bytes.EMPTY));
  }

  private static void assertFenced(Outcome<?> outcome) {
    assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class,
        failed -> assertThat(failed.cause()).isInstanceOf(FencedException.class));
  }

  /// Goal: who was handed over from signs nothing as soon as the record names the next one. Method: it keeps its key,
  /// and tries at the first moment at which anybody hears of the record: when the next one is about to take the lease.
  /// Its own end may come before that, so in several orders.
  @Test
  void whoWasHandedOverFromSignsNothingWhileTheNextOneHasNotTakenTheLease() {
    for (int seed = 0; seed < 20; seed++) {
      try (SchemeWorld each = new SchemeWorld(seed)) {
        each.awaitServing("one");
        List<List<String>> tried = new ArrayList<>();
        Runnable tries =
            () -> tried.add(told(ScriptedSchemes.keptBy(each.providers, "one").sign(Bytes.EMPTY, Bytes.EMPTY)));
        long served = each.status().generation();
        each.facade().register(1, SchemeWorld.PARTICIPANTS, Optional.of(new Watched(each.key(), served, tries)));
        assertThat(each.simulation.await(each.node, () -> each.epoch(1).sign(SchemeWorld.subject(1)))).isPresent();
        each.wish("two");
        each.awaitServing("two");
        assertThat(tried).as("seed " + seed).isNotEmpty().containsOnly(List.of("FencedException"));
        assertThat(each.signed).as("seed " + seed).hasSize(1);
      }
    }
  }

  /// A key that tells when a later generation is about to take its lease.
  private record Watched(SignerHandle key, long served, Runnable later) implements SignerHandle {
    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public Completion<Signature> sign(Bytes namespace, Bytes message) {
      return key.sign(namespace, message);
    }

    @Override
    public SignerHandle lease(String slot, long generation) {
      if (generation > served) {
        later.run();
      }
      return key.lease(slot, generation);
    }
  }

  @Test
  void aProviderThatHasEndedSignsNothingWhileNobodyFollows() {
    world.awaitServing("one");
    world.registerEpoch(1);
    SignerHandle kept = ScriptedSchemes.keptBy(world.providers, "one");
    assertThat(signs(kept)).isInstanceOf(Outcome.Done.class);
    world.withdraw("one");
    world.withdraw("two");
    world.simulation.runUntil(() -> world.status().state() == SlotState.EMPTY, Duration.ofMinutes(1));
    assertFenced(signs(kept));
  }

  @Test
  void aSignatureThatWasBegunBeforeTheLeaseMovedDoesNotReachWhoHadIt() {
    List<Promise<Signature>> owed = new ArrayList<>();
    SignerHandle slow = new SignerHandle() {
      @Override
      public PublicKey publicKey() {
        return SchemeWorld.PARTICIPANTS.key(0);
      }

      @Override
      public Completion<Signature> sign(Bytes namespace, Bytes message) {
        owed.add(world.node.runtime().promise());
        return owed.getLast().completion();
      }

      @Override
      public SignerHandle lease(String slot, long generation) {
        throw new UnsupportedOperationException("it is the key itself");
      }
    };
    SignerLeases leases = new SignerLeases();
    SignerHandle seven = leases.lease(world.node.runtime(), slow, "n/scheme/test", 7);
    List<String> ofSeven = told(seven.sign(Bytes.EMPTY, Bytes.EMPTY));
    SignerHandle eight = leases.lease(world.node.runtime(), slow, "n/scheme/test", 8);
    List<String> ofEight = told(eight.sign(Bytes.EMPTY, Bytes.EMPTY));
    owed.forEach(promise -> promise.done(new Signature(VOTE.signature())));
    assertThat(ofSeven).containsExactly("FencedException");
    assertThat(ofEight).containsExactly("done");
  }

  @Test
  void aCallThatHangsEndsWithItsProvider() {
    world.awaitServing("one");
    world.registerEpoch(1);
    CertificateScheme held = world.epoch(1);
    world.faults.put("one", call -> call.equals("verify") && world.calls.size() == 1);
    List<String> seen = told(verify(held, 1));
    world.withdraw("one");
    world.awaitServing("two");
    assertThat(seen).containsExactly("OutcomeUnknownException");
    assertThat(verified(held, 2)).isTrue();
    assertThat(ScriptedSchemes.generations(world.calls)).containsExactly(1L, 2L);
    assertThat(world.status().stuck()).as("it holds its provider's classes").isEqualTo(1);
  }

  @Test
  void whatIsRegisteredAndForgottenMeanwhileIsKnownAndForgottenAfterwards() {
    world.awaitServing("one");
    for (int epoch = 1; epoch <= 600; epoch++) {
      world.registerEpoch(epoch);
    }
    world.wish("two");
    world.simulation.runUntil(() -> world.status().state() == SlotState.PREPARING, Duration.ofMinutes(1));
    world.facade().forgetBefore(300);
    world.registerEpoch(601);
    world.awaitServing("two");
    assertThat(world.facade().scoped(299)).isEmpty();
    assertThat(verified(world.epoch(300), 1)).isTrue();
    assertThat(verified(world.epoch(601), 2)).isTrue();
    assertThat(ScriptedSchemes.generations(world.calls)).containsExactly(2L, 2L);
  }

  @Test
  void anEpochIsKnownWithOneSetOfParticipants() {
    world.awaitServing("one");
    world.registerEpoch(1);
    world.registerEpoch(1);
    Participants others = Participants.of(List.of(new PublicKey(Bytes.of(new byte[] {9}))));
    assertThatIllegalArgumentException().isThrownBy(() -> world.facade().register(1, others, Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.epoch(1).verifyAttestations(SchemeWorld.subject(1), List.of(VOTE, VOTE)));
  }
}
