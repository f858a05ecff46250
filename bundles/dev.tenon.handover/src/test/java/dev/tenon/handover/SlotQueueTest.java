package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Stopped;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Goal: what waits leaves in arrival order, once, and the bounds count what is there. Method: thousands of moves of
/// the same kind on a plain list beside it, units that come again included.
class SlotQueueTest {
  private static final int UNITS_MAX = 1_024;
  private static final long BYTES_MAX = 16 << 10;

  private static final class Sized extends IdleUnit {
    private final boolean expires;
    private final boolean parks;
    private int bytes;

    Sized(Random random) {
      expires = random.nextInt(4) > 0;
      parks = random.nextInt(8) > 0;
      bytes = 1;
    }

    @Override
    public int bytes() {
      return bytes;
    }

    @Override
    public boolean expires() {
      return expires;
    }

    @Override
    public boolean parks() {
      return parks;
    }
  }

  /// The same with a list, and nothing clever.
  private static final class Plain {
    private final List<Sized> waiting = new ArrayList<>();
    private final List<Sized> kept = new ArrayList<>();
    private int mostUnits;
    private long mostBytes;

    long held() {
      return waitingBytes() + kept.stream().mapToLong(SlotUnit::bytes).sum();
    }

    long waitingBytes() {
      return waiting.stream().mapToLong(SlotUnit::bytes).sum();
    }

    boolean offer(Sized unit) {
      int most = unit.expires ? UNITS_MAX : UNITS_MAX - UNITS_MAX / 16;
      if (waiting.size() + kept.size() >= most || (held() + unit.bytes > BYTES_MAX && held() > BYTES_MAX / 4)) {
        return false;
      }
      return waiting.add(unit);
    }
  }

  @Test
  void itDoesWhatAListWouldDo() {
    int mostUnits = 0;
    long mostBytes = 0;
    for (int seed = 0; seed < 40; seed++) {
      Plain end = walk(new Random(seed), seed % 2 == 0 ? 8 : 64); // either bound is the nearer one
      mostUnits = Math.max(mostUnits, end.mostUnits);
      mostBytes = Math.max(mostBytes, end.mostBytes);
    }
    assertThat(mostUnits).as("the bounds were reached").isEqualTo(UNITS_MAX);
    assertThat(mostBytes).isBetween(BYTES_MAX - 64, BYTES_MAX);
  }

  private static Plain walk(Random random, int sizeMax) {
    SlotQueue queue = new SlotQueue(UNITS_MAX, BYTES_MAX, () -> {});
    Plain plain = new Plain();
    Deque<Sized> ended = new ArrayDeque<>();
    int greed = 1 + random.nextInt(200); // how often more comes than goes
    for (long now = 1; now <= 4_000; now++) {
      switch (random.nextInt(6 + greed)) {
        case 0 -> take(queue, plain, 1 + random.nextInt(128));
        case 1 -> putBack(queue, plain, random);
        case 2 -> release(queue, plain, ended, random);
        case 3 -> withdraw(queue, plain, ended, random);
        case 4 -> expire(queue, plain, now - random.nextInt(300));
        case 5 -> impatient(queue, plain, random);
        default -> offer(queue, plain, ended, random, now, sizeMax);
      }
      assertThat(queue.waiting()).isEqualTo(plain.waiting.size());
      assertThat(queue.waitingBytes()).isEqualTo(plain.waitingBytes());
      assertThat(queue.heldBytes()).isEqualTo(plain.held());
      plain.mostUnits = Math.max(plain.mostUnits, plain.waiting.size() + plain.kept.size());
      plain.mostBytes = Math.max(plain.mostBytes, plain.held());
    }
    take(queue, plain, UNITS_MAX);
    assertThat(queue.more()).isFalse();
    return plain;
  }

  private static void offer(SlotQueue queue, Plain plain, Deque<Sized> ended, Random random, long now,
      int sizeMax) {
    Sized unit = random.nextBoolean() && !ended.isEmpty() ? ended.remove() : new Sized(random);
    unit.bytes = 1 + random.nextInt(sizeMax);
    assertThat(queue.offer(unit, now)).isEqualTo(plain.offer(unit));
  }

  private static void take(SlotQueue queue, Plain plain, int max) {
    List<SlotUnit> taken = queue.take(max);
    List<Sized> first = plain.waiting.subList(0, Math.min(max, plain.waiting.size()));
    assertThat(taken).containsExactlyElementsOf(first);
    plain.kept.addAll(first);
    first.clear();
  }

  private static void putBack(SlotQueue queue, Plain plain, Random random) {
    List<Sized> last = plain.kept.subList(random.nextInt(plain.kept.size() + 1), plain.kept.size());
    queue.putBack(List.copyOf(last));
    plain.waiting.addAll(0, last);
    last.clear();
  }

  private static void release(SlotQueue queue, Plain plain, Deque<Sized> ended, Random random) {
    List<Sized> first = plain.kept.subList(0, random.nextInt(plain.kept.size() + 1));
    queue.release(first.size(), first.stream().mapToLong(SlotUnit::bytes).sum());
    ended.addAll(first);
    first.clear();
  }

  private static void withdraw(SlotQueue queue, Plain plain, Deque<Sized> ended, Random random) {
    if (!ended.isEmpty()) {
      queue.withdraw(ended.peek()); // not there any more: nothing happens
    }
    if (!plain.kept.isEmpty()) {
      queue.withdraw(plain.kept.getLast()); // taken: nothing happens
    }
    if (!plain.waiting.isEmpty()) {
      Sized unit = plain.waiting.remove(random.nextInt(plain.waiting.size()));
      queue.withdraw(unit);
      queue.withdraw(unit);
      ended.add(unit);
    }
  }

  private static void expire(SlotQueue queue, Plain plain, long before) {
    List<Sized> old = plain.waiting.stream().filter(unit -> unit.expires && unit.enteredNs() < before).toList();
    assertThat(queue.expired(before)).containsExactlyElementsOf(old);
    plain.waiting.removeAll(old);
  }

  private static void impatient(SlotQueue queue, Plain plain, Random random) {
    if (random.nextInt(20) == 0) {
      List<Sized> found = plain.waiting.stream().filter(unit -> !unit.parks).toList();
      assertThat(queue.impatient()).containsExactlyElementsOf(found);
      plain.waiting.removeAll(found);
    }
  }

  @Test
  void aUnitOfAnotherQueueIsNotWithdrawn() {
    SlotQueue queue = new SlotQueue(UNITS_MAX, BYTES_MAX, () -> {});
    SlotQueue other = new SlotQueue(UNITS_MAX, BYTES_MAX, () -> {});
    Sized one = new Sized(new Random(1));
    Sized two = new Sized(new Random(2));
    queue.offer(one, 1);
    other.offer(two, 1);
    queue.withdraw(two);
    assertThat(queue.waiting()).isEqualTo(1);
  }

  @Test
  void whatIsLeftAfterManyGaveUpKeepsItsOrderAndCanGoToo() {
    SlotQueue queue = new SlotQueue(UNITS_MAX, BYTES_MAX, () -> {});
    List<Sized> all = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      all.add(new Sized(new Random(i)));
      assertThat(queue.offer(all.get(i), 1)).isTrue();
    }
    for (int i = 1; i < 897; i++) { // holes are closed up meanwhile
      queue.withdraw(all.get(i));
    }
    queue.withdraw(all.get(898));
    assertThat(queue.take(UNITS_MAX)).containsExactly(all.get(0), all.get(897), all.get(899));
  }

  @Test
  void aSignalThatIsStoppedIsGivenByTheNextOne() {
    int[] signals = {0};
    SlotQueue queue = new SlotQueue(UNITS_MAX, BYTES_MAX, () -> {
      if (signals[0]++ == 0) {
        throw new Stopped("a strand");
      }
    });
    Sized first = new Sized(new Random(1));
    Sized second = new Sized(new Random(2));
    assertThatThrownBy(() -> queue.offer(first, 1)).isInstanceOf(Stopped.class);
    assertThat(queue.offer(second, 1)).isTrue();
    assertThat(signals[0]).isEqualTo(2);
    assertThat(queue.take(UNITS_MAX)).containsExactly(first, second);
  }

  @Test
  void itSignalsOnceUntilNothingMoreIsThere() {
    int[] signals = {0};
    SlotQueue queue = new SlotQueue(UNITS_MAX, BYTES_MAX, () -> signals[0]++);
    for (int i = 0; i < 10; i++) {
      queue.offer(new Sized(new Random(i)), 1);
    }
    assertThat(signals[0]).isEqualTo(1);
    assertThat(queue.take(4)).hasSize(4);
    assertThat(queue.more()).isTrue();
    assertThat(queue.take(64)).hasSize(6);
    assertThat(queue.more()).isFalse();
    assertThat(queue.park(new Sized(new Random(1)), 1, () -> true)).isEqualTo(SlotPort.Parking.WAITS);
    assertThat(signals[0]).isEqualTo(2);
  }
}
