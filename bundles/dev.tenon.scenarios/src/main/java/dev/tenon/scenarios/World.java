package dev.tenon.scenarios;

import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.crypto.jvm.BouncyCastleEd25519;
import dev.tenon.handover.SlotLimits;
import dev.tenon.handover.SwapLimits;
import dev.tenon.journal.segmented.SegmentedJournalConfig;
import dev.tenon.runtime.Runtime;
import dev.tenon.scheme.ec.EcSchemes;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.MailboxLoad;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.SlotStatus;
import dev.tenon.storage.mapdb.MapdbJournalConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Nodes, their trouble, and what has to hold.
final class World implements AutoCloseable {
  static final String NAMESPACE_TEXT = "scenarios";
  static final Bytes NAMESPACE = Bytes.wrap(NAMESPACE_TEXT.getBytes(StandardCharsets.US_ASCII));
  static final String NODES = "broadcast-nodes";
  static final String ACKS = "broadcast-acks";
  static final int MESSAGE_BYTES_MAX = 1 << 20;
  static final long FIRST_EPOCH = 7;

  /// After the trouble everybody has to have made progress within this time: it holds the longest pauses of slot and
  /// engine, which are 10 s each, a few times over.
  static final Duration PROGRESS_WITHIN = Duration.ofMinutes(3);
  /// So many more chunks are progress.
  static final long PROGRESS = 3;
  /// At most so many timers and completions wait for one actor.
  static final int OWN_MAX = 4_096;

  /// The providers of the role scheme.
  static final List<String> SCHEMES = List.of("local", "bouncycastle");
  /// Callers of each journal slot beside the engine, where slots are handed over.
  static final int WRITERS = 1;
  /// How probable it is at each turn of theirs that they remove their journal.
  static final double REMOVALS = 0.004;

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Simulation simulation;
  private final Plan plan;
  private final Plants plants;
  private final SignatureAlgorithm algorithm;
  private final Dice dice;
  private final EcSchemes outside; // for codecs, and for the villain
  private final List<PublicKey> keys = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final Witness witness;
  private final Participants sequencers;
  private final SlotLimits limits;
  private final SegmentedJournalConfig journalConfig;
  private final MapdbJournalConfig mapdbConfig;
  private final List<SignatureAlgorithm> arithmetics;
  private final Watch watch;
  private final SlotChecks slotChecks;
  private final int heightsPerSection;
  private final int rebroadcastMs;
  private Epoch epoch = new Epoch(FIRST_EPOCH);
  private @Nullable Villain villain;
  private boolean isQuiet;

  World(long seed, Plan plan, Plants plants, SignatureAlgorithm algorithm, @Nullable Appendable trace) {
    this(seed, plan, plants, algorithm, trace, new Coverage());
  }

  World(long seed, Plan plan, Plants plants, SignatureAlgorithm algorithm, @Nullable Appendable trace,
      Coverage coverage) {
    this.plan = plan;
    this.plants = plants;
    this.algorithm = algorithm;
    simulation = Simulation.seeded(seed).trace(trace);
    Runtime none = simulation.node("outside", node -> {}).runtime();
    outside = new EcSchemes(none, algorithm, new BatchedVerifier(none, algorithm));
    dice = new Dice(seed);
    simulation.network().latency(dice.between(8, 25), Duration.ofMillis(dice.below(8)));
    heightsPerSection = dice.one(List.of(1, 3, 64));
    rebroadcastMs = dice.one(List.of(100, 300, 1_000));
    limits = plan.swaps() ? SlotChecks.limits(dice) : dice.happens(0.5)
        ? SlotLimits.DEFAULT
        : new SlotLimits(256, 1 << 20, 500, 1_000, 60_000, 500, 20, 2_000, SwapLimits.DEFAULT);
    journalConfig = Values.of(SegmentedJournalConfig.class,
        Map.of("pageBytes", dice.one(List.of(64, 509, 4_096)), "writeBufferBytes", dice.one(List.of(256, 65_536)),
            "compressionLevel", dice.one(List.of(0, 0, 3)), "openBlobsMax", dice.one(List.of(4, 128))));
    mapdbConfig = plan.swaps()
        ? Values.of(MapdbJournalConfig.class,
            Map.of("logBytes", dice.one(List.of(512, 16_384, 262_144)), "writeBufferBytes",
                dice.one(List.of(256, 65_536)), "pageBytes", dice.one(List.of(512, 4_096)), "openRunsMax",
                dice.one(List.of(4, 32))))
        : Values.of(MapdbJournalConfig.class, Map.of());
    arithmetics = List.of(algorithm, algorithm.name().equals("ed25519") ? new BouncyCastleEd25519() : algorithm);
    watch = new Watch(this, coverage);
    slotChecks = new SlotChecks(this);
    List<SignatureAlgorithm.SigningKey> signing = new ArrayList<>();
    for (int i = 0; i < plan.nodes(); i++) {
      byte[] secret = new byte[32];
      secret[0] = (byte) (i + 1);
      signing.add(algorithm.signingKey(secret));
      keys.add(signing.getLast().publicKey());
    }
    sequencers = Participants.of(keysOf(plan::isSequencer));
    witness = new Witness(NAMESPACE, algorithm, codecs(), this::validators, this::honest);
    for (int i = 0; i < plan.nodes(); i++) {
      if (i == plan.villain()) {
        villain = new Villain(this, signing.get(i));
      } else {
        var member = new Member(this, i, (plan.isValidator(i) ? "v" : "s") + i, signing.get(i)).provided();
        members.add(member);
        simulation.node(member.name(), member::boot);
      }
    }
    Villain bad = villain;
    if (bad != null) {
      simulation.node("x", bad::boot);
    }
  }

  Simulation simulation() {
    return simulation;
  }

  Plan plan() {
    return plan;
  }

  Plants plants() {
    return plants;
  }

  Dice dice() {
    return dice;
  }

  Witness witness() {
    return witness;
  }

  SignatureAlgorithm algorithm() {
    return algorithm;
  }

  List<Member> members() {
    return members;
  }

  List<Member> honestSequencers() {
    return members.stream().filter(member -> plan.isSequencer(member.index())).toList();
  }

  List<Member> honestValidators() {
    return members.stream().filter(member -> plan.isValidator(member.index())).toList();
  }

  List<SimNode> nodes() {
    return simulation.nodes();
  }

  Epoch epoch() {
    return epoch;
  }

  Participants sequencers() {
    return sequencers;
  }

  SlotLimits limits() {
    return limits;
  }

  SegmentedJournalConfig journalConfig() {
    return journalConfig;
  }

  MapdbJournalConfig mapdbConfig() {
    return mapdbConfig;
  }

  /// The arithmetic of each of [#SCHEMES].
  List<SignatureAlgorithm> arithmetics() {
    return arithmetics;
  }

  Watch watch() {
    return watch;
  }

  Coverage coverage() {
    return watch.coverage();
  }

  /// What has to hold of slots that are handed over.
  SlotChecks slotChecks() {
    return slotChecks;
  }

  int heightsPerSection() {
    return heightsPerSection;
  }

  int rebroadcastMs() {
    return rebroadcastMs;
  }

  /// The validators of an epoch.
  Participants validators(long ofEpoch) {
    int absent = plan.rotates() ? (int) Long.remainderUnsigned(ofEpoch, plan.validators()) : -1;
    return Participants.of(keysOf(i -> plan.isValidator(i) && i != absent));
  }

  /// Codecs that read certificates of every epoch.
  BroadcastCodecs codecs() {
    return new BroadcastCodecs(algorithm.keySize(), algorithm.signatureSize(), any -> true,
        outside.attestationCodec(), any -> Optional.of(outside.storedCertificateCodec()));
  }

  /// The scheme of an epoch, without a signer.
  CertificateScheme scheme(Epoch ofEpoch) {
    outside.register(ofEpoch.value(), validators(ofEpoch.value()), Optional.empty());
    return outside.scoped(ofEpoch.value()).orElseThrow();
  }

  /// The next epoch begins: each node hears of it a little later or earlier.
  void nextEpoch(Duration skewMax) {
    epoch = new Epoch(epoch.value() + 1);
    Epoch next = epoch;
    for (Member member : members) {
      simulation.after(dice.between(0, skewMax.toMillis()), () -> member.moveTo(next));
    }
  }

  // A run.

  /// Trouble, healing, progress, power loss everywhere, audit, progress. Ends early where something is violated.
  void run(Trouble trouble) {
    look();
    trouble.begin(this);
    until(this::isViolated, plan.trouble());
    heal();
    slotChecks.served("after the trouble");
    progress("after the trouble");
    slotChecks.calm();
    isQuiet = true;
    if (isViolated()) {
      return;
    }
    restart(true);
    new Audit(this).run();
    restart(false);
    slotChecks.served("after the power failed everywhere");
    progress("after the power failed everywhere");
    slotChecks.loaded();
    slotChecks.swept();
    witness.checkChains();
    look();
  }

  /// As the simulation's, with an eye on the slots before each event.
  boolean until(BooleanSupplier done, Duration limit) {
    return simulation.runUntil(plan.swaps() ? () -> {
      watch.look();
      return done.getAsBoolean();
    } : done, limit);
  }

  private boolean isViolated() { return !witness.violations().isEmpty(); }

  private void heal() {
    simulation.network().heal().loss(0).duplicate(0).reorder(0).latency(Duration.ofMillis(10), Duration.ofMillis(5));
    for (Member member : members) {
      member.node().disk().heal();
      member.node().noCrashAtCall();
      member.moveTo(epoch);
    }
    watch.stand();
    boolean all = until(() -> members.stream().allMatch(member -> member.node().isUp()),
        PROGRESS_WITHIN);
    if (!all) {
      witness.violated("a node does not come up");
    }
    slotChecks.heal();
  }

  private void restart(boolean bare) {
    for (Member member : members) {
      member.bare(bare);
      member.crash(CrashKind.POWER_LOSS, dice.between(1, 50));
    }
    until(() -> members.stream().allMatch(member -> member.node().isUp()), PROGRESS_WITHIN);
  }

  /// Each honest chain grows at its sequencer and gets votes of each honest validator of the epoch.
  private void progress(String when) {
    List<Long> goals = honestSequencers().stream()
        .map(member -> witness.certifiedTip(member.publicKey()) + PROGRESS).toList();
    long[] seen = {-1};
    boolean[] reached = {false};
    boolean all = until(() -> {
      if (seen[0] != witness.news()) { // asked before each event: most often nothing has changed
        seen[0] = witness.news();
        reached[0] = isViolated() || stuck(goals).isEmpty();
      }
      return reached[0];
    }, PROGRESS_WITHIN);
    if (!all) {
      witness.violated("no progress " + when + ": " + String.join("; ", stuck(goals)));
      for (Member member : members) {
        member.slots().forEach(slot -> witness.violated("  " + slot));
        member.view().map(BroadcastStatus.View::paused).filter(why -> !why.isEmpty())
            .ifPresent(why -> witness.violated("  " + member.name() + " is paused: " + why));
      }
    }
  }

  private List<String> stuck(List<Long> goals) {
    List<String> stuck = new ArrayList<>();
    List<Member> chains = honestSequencers();
    Participants voters = validators(epoch.value());
    for (int i = 0; i < chains.size(); i++) {
      PublicKey sequencer = chains.get(i).publicKey();
      long goal = goals.get(i);
      if (witness.heardTip(chains.get(i).name(), sequencer) < goal) {
        stuck.add(chains.get(i).name() + " is at " + witness.heardTip(chains.get(i).name(), sequencer) + " of " + goal);
      }
      for (Member validator : honestValidators()) {
        if (voters.indexOf(validator.publicKey()) >= 0 && witness.votedTip(validator.name(), sequencer) < goal) {
          stuck.add(validator.name() + " voted up to " + witness.votedTip(validator.name(), sequencer) + " of " + goal
              + " for " + chains.get(i).name());
        }
      }
    }
    return stuck;
  }

  /// Looks at bounds and tips now, and again until the run is quiet.
  private void look() {
    watch.overdue();
    for (Member member : members) {
      if (member.node().isUp()) {
        member.node().mailboxes().forEach(load -> bounded(member, load));
      }
      member.slots().forEach(slot -> bounded(member, slot));
      member.view().ifPresent(view -> view.tips().forEach(tip -> {
        long voted = witness.votedTip(member.name(), tip.sequencer());
        if (tip.height() < voted) {
          witness.violated(member.name() + " has a tip at " + tip.height() + " of " + witness.name(tip.sequencer())
              + " and has voted for " + voted);
        }
      }));
    }
    if (!isQuiet) {
      simulation.after(LOOK_EVERY, this::look);
    }
  }

  private void bounded(Member member, MailboxLoad load) {
    if (load.offered() > load.bound() || load.own() > OWN_MAX) {
      witness.violated("a mailbox of " + member.name() + " is over its bound: " + load);
    }
  }

  private void bounded(Member member, SlotStatus slot) {
    if (slot.parked() > limits.unitsMax() || slot.parkedBytes() > limits.bytesMax()) {
      witness.violated("a slot of " + member.name() + " is over its bound: " + slot);
    }
  }

  @Override
  public void close() {
    simulation.close();
  }

  private List<PublicKey> keysOf(Predicate<Integer> which) {
    List<PublicKey> found = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (which.test(i)) {
        found.add(keys.get(i));
      }
    }
    return found;
  }

  private String honest(PublicKey key) {
    return members.stream().filter(member -> member.publicKey().equals(key)).map(Member::name).findFirst().orElse("");
  }
}
