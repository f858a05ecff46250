package dev.tenon.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.crypto.PublicKey;
import dev.tenon.handover.ProviderSource;
import dev.tenon.handover.SlotWish;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.OpenReport;
import dev.tenon.journal.segmented.SegmentedJournalConfig;
import dev.tenon.journal.segmented.SegmentedJournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.status.HeightsKnown;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import dev.tenon.testkit.crypto.NullAlgorithm;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Goal: a node whose journals are brought back from what was handed over from never signs a second time what it has
/// signed since. Method: its slot is handed over, goes on for a while, its location is destroyed, and it is recovered
/// from the retained one, which knows nothing of that while.
class RecoveredSlotTest {
  private static final int SEEDS = 4;
  private static final Duration WITHIN = Duration.ofMinutes(2);

  private static World recovered(long seed, int index, Plants plants) {
    return recovered(seed, index, plants, (world, member) -> {
      long before = signs(world, member);
      until(world, "it goes on", () -> signs(world, member) > before + 5);
    });
  }

  /// @param goesOn what it does after it was handed over: of that it knows nothing later
  private static World recovered(long seed, int index, Plants plants, BiConsumer<World, Member> goesOn) {
    var world = new World(seed, Plan.FOUR, plants, new NullAlgorithm(), null);
    Member member = world.members().get(index);
    SlotName slot = new SlotName(member.name(), "journal", "broadcast");
    until(world, "it serves", () -> signs(world, member) > 2);
    int pageBytes = world.journalConfig().pageBytes() == 256 ? 128 : 256;
    var other = new SegmentedJournalProvider(
        Values.of(SegmentedJournalConfig.class, Map.of("pageBytes", pageBytes, "compressionLevel", 0)));
    member.control().provide(1_000, JournalProvider.ROLE, "other", "test.other", "1.0.0", new ProviderSource() {
      @Override
      public Object take() {
        return other;
      }

      @Override
      public void release() {}
    });
    member.control().wish(new SlotWish(slot, "other", world.limits()));
    until(world, "handed over", () -> status(member).generation() == 2 && status(member).state() == SlotState.ACTIVE);
    goesOn.accept(world, member);
    member.node().disk().flipBit("journal/broadcast/2", "_tenon", "owner".getBytes(StandardCharsets.US_ASCII), 40);
    member.crash(CrashKind.PROCESS_KILL, Duration.ofMillis(20));
    until(world, "it has failed", () -> !member.slots().isEmpty() && status(member).state() == SlotState.FAILED);
    List<String> told = new ArrayList<>();
    member.control().explain(slot, reply -> told.addAll(reply.lines()));
    until(world, "the operator is told", () -> !told.isEmpty());
    assertThat(told).anySatisfy(line -> assertThat(line).startsWith("journal/broadcast/1: sealed in generation 1"))
        .anySatisfy(line -> assertThat(line).startsWith("choice: --from-retained"));
    member.control().recover(slot, "", reply -> told.addAll(reply.lines()));
    until(world, "it is recovered", () -> status(member).state() == SlotState.ACTIVE && member.view().isPresent());
    assertThat(status(member).generation()).isGreaterThan(2);
    return world;
  }

  private static SlotStatus status(Member member) {
    return member.slots().getFirst();
  }

  private static long signs(World world, Member member) {
    long signs = world.witness().signedTip(member.publicKey());
    for (PublicKey sequencer : world.sequencers().keys()) {
      signs += world.witness().votedTip(member.name(), sequencer);
    }
    return signs;
  }

  private static void until(World world, String what, BooleanSupplier condition) {
    assertThat(world.simulation().runUntil(condition, WITHIN)).as(what).isTrue();
  }

  @Test
  void nothingIsSignedTwiceAfterRetainedStorageWasBroughtBack() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (World world = recovered(seed, 0, Plants.NONE)) {
        Member member = world.members().getFirst();
        long signs = signs(world, member);
        Member other = world.honestSequencers().getLast();
        long tip = world.witness().certifiedTip(other.publicKey());
        until(world, "the others go on", () -> world.witness().certifiedTip(other.publicKey()) > tip + 10);
        assertThat(signs(world, member)).as("seed " + seed).isEqualTo(signs);
        member.crash(CrashKind.POWER_LOSS, Duration.ofMillis(20));
        until(world, "it is back", () -> !member.slots().isEmpty() && status(member).state() == SlotState.ACTIVE);
        assertThat(status(member).signingOff()).as("a start does not lift it").isTrue();
        world.simulation().run(Duration.ofSeconds(5));
        assertThat(signs(world, member)).as("seed " + seed).isEqualTo(signs);
        assertThat(world.witness().violations()).isEmpty();
      }
    }
  }

  /// Engines are never told what these methods say.
  private static Plants deafTo(String... methods) {
    return new Plants(UnaryOperator.identity(), real -> (JournalStore) Proxy.newProxyInstance(
        JournalStore.class.getClassLoader(), new Class<?>[] {JournalStore.class}, (proxy, method, words) -> {
          if (List.of(methods).contains(method.getName())) {
            return false;
          }
          try {
            return method.invoke(real, words);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }

  /// The check above can fail: an engine that does not ask signs twice.
  @Test
  void anEngineThatDoesNotAskWhetherSigningIsOffIsFound() {
    int found = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (World world = recovered(seed, 0, deafTo("signingOff", "isRecovered"))) {
        world.simulation().run(Duration.ofSeconds(10));
        found += world.witness().violations().isEmpty() ? 0 : 1;
      }
    }
    assertThat(found).isPositive();
  }

  /// A validator has followed meanwhile, and votes again for what comes.
  @Test
  void whoHasFollowedSignsAgainOnceTheOperatorLiftsIt() {
    try (World world = recovered(1, 1, Plants.NONE)) {
      Member member = world.members().get(1);
      Member other = world.honestSequencers().getLast();
      long tip = world.witness().certifiedTip(other.publicKey());
      until(world, "the others go on", () -> world.witness().certifiedTip(other.publicKey()) > tip + 10);
      long signs = signs(world, member);
      List<String> told = new ArrayList<>();
      SlotName slot = status(member).name();
      member.control().sign(slot, false, 0, reply -> told.addAll(reply.lines()));
      until(world, "the operator is shown what there is", () -> !told.isEmpty());
      assertThat(status(member).signingOff()).isTrue();
      member.control().sign(slot, false, status(member).generation(), reply -> told.addAll(reply.lines()));
      until(world, "it signs again", () -> signs(world, member) > signs + 5);
      assertThat(told.getFirst()).startsWith("journal " + Member.PREFIX).contains(" ends in section ");
      assertThat(told.getLast()).contains(" is signed on again; what may have been signed before is still not signed");
      assertThat(status(member).signingOff()).isFalse();
      member.crash(CrashKind.POWER_LOSS, Duration.ofMillis(20));
      until(world, "it is back", () -> !member.slots().isEmpty() && status(member).state() == SlotState.ACTIVE);
      assertThat(status(member).signingOff()).isFalse();
      until(world, "its engine has journals", () -> member.journals().isPresent());
      assertThat(member.journals().orElseThrow().isRecovered()).as("a start does not lift that").isTrue();
      long since = signs(world, member);
      until(world, "it signs after a start", () -> signs(world, member) > since + 5);
      assertThat(world.witness().violations()).isEmpty();
    }
  }

  /// Nodes come from their sequencer only, and acks once: nobody tells a sequencer its own chain, so it stays behind.
  @Test
  void aSequencerWhoseOwnChainIsBehindStandsStillOnceTheOperatorLiftsIt() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (World world = recovered(seed, 0, Plants.NONE)) {
        Member member = world.members().getFirst();
        long signed = world.witness().signedTip(member.publicKey());
        world.simulation().run(Duration.ofSeconds(5));
        long here = heightOf(member, member);
        assertThat(here).as("known here").isLessThan(signed);
        assertThat(heightOf(world.members().get(1), member)).as("known elsewhere").isGreaterThan(here);
        member.control().sign(status(member).name(), false, status(member).generation(), reply -> {});
        until(world, "it is lifted", () -> !status(member).signingOff());
        world.simulation().run(Duration.ofSeconds(20));
        assertThat(world.witness().signedTip(member.publicKey())).as("its chunks").isEqualTo(signed);
        assertThat(heightOf(member, member)).isEqualTo(here);
        assertThat(world.witness().violations()).isEmpty();
      }
    }
  }

  /// Nobody else has the chunk that it signed last: the others ack the one below once more, and certify it.
  private static List<String> lostItsLastChunk(long seed, Plants plants) {
    try (World world = recovered(seed, 0, plants, (all, member) -> {
      long signed = all.witness().signedTip(member.publicKey());
      until(all, "it signs one more", () -> all.witness().signedTip(member.publicKey()) > signed);
      all.simulation().network().partition(List.of(member.node()));
      all.simulation().run(Duration.ofSeconds(1));
    })) {
      Member member = world.members().getFirst();
      world.simulation().network().heal();
      member.control().sign(status(member).name(), false, status(member).generation(), reply -> {});
      until(world, "it is lifted", () -> !status(member).signingOff());
      world.simulation().run(Duration.ofSeconds(5));
      return world.witness().violations();
    }
  }

  @Test
  void aSequencerSignsNoOtherChunkThanTheOneThatNobodyHasSeen() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(lostItsLastChunk(seed, Plants.NONE)).as("seed " + seed).isEmpty();
    }
  }

  /// The check above can fail: an engine that asks only whether signing is off signs two.
  @Test
  void anEngineThatForgetsTheRecoveryOnceItMaySignIsFound() {
    List<String> found = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      found.addAll(lostItsLastChunk(seed, deafTo("isRecovered")));
    }
    assertThat(found).anySatisfy(one -> assertThat(one).contains(" signed two chunks of its own "));
  }

  /// Journals of which a sync fails once that is ordered; whoever opens them next finds all but the last of each.
  private record Losing(JournalProvider real, AtomicBoolean armed, AtomicBoolean fails) implements JournalProvider {
    @Override
    public Description describe() {
      return real.describe();
    }

    @Override
    public JournalInstance open(OpenContext context) {
      if (fails.compareAndSet(true, false)) {
        JournalInstance less = real.open(context);
        List<OpenReport.Found> all = less.report().journals();
        less.activate();
        for (OpenReport.Found found : all) {
          if (!found.sections().isEmpty()) {
            less.rewind(found.name(), found.sections().getLast().section(), found.sections().getLast().end() - 1);
          }
        }
        less.sync();
        less.close();
      }
      JournalInstance opened = real.open(context);
      return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
          new Class<?>[] {JournalInstance.class}, (proxy, method, words) -> {
            if (method.getName().equals("sync") && armed.compareAndSet(true, false)) {
              fails.set(true);
              throw new StorageFailedException("planted");
            }
            try {
              return method.invoke(opened, words);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
    }
  }

  /// What is left opens without a complaint, and the facade of the next start remembers nothing.
  @Test
  void nothingIsSignedTwiceAfterAcknowledgedItemsWereGoneAndTheNodeWasStarted() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var armed = new AtomicBoolean();
      var plants = new Plants(real -> new Losing(real, armed, new AtomicBoolean()), UnaryOperator.identity());
      try (var world = new World(seed, Plan.FOUR, plants, new NullAlgorithm(), null)) {
        until(world, "all serve", () -> world.members().stream().allMatch(each -> signs(world, each) > 5));
        armed.set(true);
        until(world, "one has failed", () -> failed(world).isPresent());
        Member member = failed(world).orElseThrow();
        assertThat(status(member).reason()).contains("acknowledged items are gone");
        long signs = signs(world, member);
        member.crash(CrashKind.PROCESS_KILL, Duration.ofMillis(20));
        until(world, "it is back", () -> !member.slots().isEmpty() && status(member).state() == SlotState.ACTIVE);
        assertThat(status(member).signingOff()).as("signing is off after the start").isTrue();
        world.simulation().run(Duration.ofSeconds(10));
        assertThat(signs(world, member)).as("seed " + seed).isEqualTo(signs);
        assertThat(world.witness().violations()).isEmpty();
      }
    }
  }

  private static Optional<Member> failed(World world) {
    return world.members().stream()
        .filter(each -> !each.slots().isEmpty() && status(each).state() == SlotState.FAILED).findFirst();
  }

  private static long heightOf(Member knows, Member whose) {
    return knows.heights().stream().filter(known -> known.chain().equals(whose.publicKey().toString()))
        .mapToLong(HeightsKnown.Known::height).max().orElseThrow();
  }
}
