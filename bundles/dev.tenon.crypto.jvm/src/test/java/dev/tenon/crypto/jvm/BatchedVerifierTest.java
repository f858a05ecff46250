package dev.tenon.crypto.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.Item;
import dev.tenon.runtime.Actor;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchedVerifierTest {
  private static final int QUESTIONS = 500;

  private record Answer(int question, Outcome<Boolean> verdict) {}

  @Test
  void answersEachQuestionByItselfAlthoughForgeriesShareItsBatch() {
    for (SignatureAlgorithm algorithm : Stream.of(new NullAlgorithm(), new Ed25519()).toList()) {
      for (int every : List.of(1, 7, 1_000)) {
        assertThat(verdicts(algorithm, every)).as(algorithm.name() + ", one forgery in " + every)
            .hasSize(QUESTIONS).allSatisfy((question, valid) -> assertThat(valid).isEqualTo(question % every != 0));
      }
    }
  }

  @Test
  void tellsWhichSignaturesOfOneQuestionAreForged() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = sim.node("v0", booted -> {});
      var algorithm = new NullAlgorithm();
      var verifier = new BatchedVerifier(node.runtime(), algorithm);
      List<Item> items = IntStream.range(0, 100).mapToObj(i -> item(algorithm, i, i % 7 == 3)).toList();
      boolean[] each = sim.await(node, () -> verifier.verifyEach(items));
      assertThat(IntStream.range(0, 100).filter(i -> !each[i])).allMatch(i -> i % 7 == 3).hasSize(14);
      assertThat(sim.<Boolean>await(node, () -> verifier.verify(items))).isFalse();
      assertThat(sim.<Boolean>await(node, () -> verifier.verify(items.subList(4, 10)))).isTrue();
    }
  }

  @Test
  void gathersWhatIsAskedWhileABatchIsComputed() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = sim.node("v0", booted -> ask(booted, new NullAlgorithm(), 1_000, new TreeMap<>()));
      sim.run(Duration.ofSeconds(1));
      String[] labels = {"node", "v0", "algorithm", "null"};
      assertThat(node.metrics().counter("tenon_crypto_signatures_checked_total", "", labels).value())
          .isEqualTo(QUESTIONS);
      assertThat(node.metrics().counter("tenon_crypto_batches_total", "", labels).value())
          .isLessThan(QUESTIONS / 10);
    }
  }

  @Test
  void failsQuestionsAfterItsEnd() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = sim.node("v0", booted -> {});
      var verifier = new BatchedVerifier(node.runtime(), new NullAlgorithm());
      verifier.stop();
      sim.run(Duration.ofSeconds(1));
      assertThat(sim.outcome(node, () -> verifier.verify(List.of(item(new NullAlgorithm(), 1, false)))))
          .isInstanceOf(Outcome.Failed.class);
    }
  }

  @Test
  void tellsWhoWaitsForABatchWhenItEnds() {
    try (Simulation sim = Simulation.seeded(1)) {
      SimNode node = sim.node("v0", booted -> {});
      var verifier = new BatchedVerifier(node.runtime(), new NullAlgorithm());
      assertThat(sim.outcome(node, () -> {
        Completion<Boolean> owed = verifier.verify(List.of(item(new NullAlgorithm(), 1, false)));
        verifier.stop(); // it is handled right after the question, whose batch is being computed by then
        return owed;
      })).isInstanceOfSatisfying(Outcome.Failed.class,
          failed -> assertThat(failed.cause()).isInstanceOf(UnavailableException.class));
    }
  }

  private static Map<Integer, Boolean> verdicts(SignatureAlgorithm algorithm, int forgedEvery) {
    try (Simulation sim = Simulation.seeded(1)) {
      var verdicts = new TreeMap<Integer, Boolean>();
      sim.node("v0", node -> ask(node, algorithm, forgedEvery, verdicts));
      sim.runUntil(() -> verdicts.size() == QUESTIONS, Duration.ofMinutes(1));
      return verdicts;
    }
  }

  private static void ask(SimNode node, SignatureAlgorithm algorithm, int forgedEvery, Map<Integer, Boolean> into) {
    var verifier = new BatchedVerifier(node.runtime(), algorithm);
    node.runtime().<Answer>spawn("asker", MailboxSpec.oneLane(2), context -> new Actor<>() {
      @Override
      public void start() {
        for (int i = 0; i < QUESTIONS; i++) {
          int question = i;
          verifier.verify(List.of(item(algorithm, i, i % forgedEvery == 0)))
              .then(verdict -> new Answer(question, verdict));
        }
      }

      @Override
      public void handle(Answer answer) {
        assertThat(answer.verdict()).isInstanceOf(Outcome.Done.class);
        if (answer.verdict() instanceof Outcome.Done<Boolean>(var valid)) {
          into.put(answer.question(), valid);
        }
      }
    });
  }

  private static Item item(SignatureAlgorithm algorithm, int number, boolean forged) {
    byte[] secret = new byte[32];
    secret[0] = (byte) (number % 5);
    var key = algorithm.signingKey(secret);
    Bytes message = Bytes.of((byte) number, (byte) (number >>> 8));
    byte[] signature = key.sign(message).bytes().toArray();
    signature[40] ^= (byte) (forged ? 1 : 0);
    return new Item(key.publicKey(), message, new Signature(Bytes.of(signature)));
  }
}
