package dev.tenon.runtime.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RingTest {
  private record Item(int sender, int number) {}

  @Test
  void givesBackInOrderAndRefusesWhenFull() {
    var ring = new Ring<Integer>(4);
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 4; i++) {
        assertThat(ring.offer(i)).isTrue();
      }
      assertThat(ring.offer(4)).isFalse();
      assertThat(ring.size()).isEqualTo(4);
      for (int i = 0; i < 4; i++) {
        assertThat(ring.poll()).isEqualTo(i);
      }
      assertThat(ring.poll()).isNull();
      assertThat(ring.size()).isZero();
    }
  }

  @Test
  void losesNothingAndKeepsEachSendersOrderUnderContention() throws InterruptedException {
    int senders = 4;
    int each = 50_000;
    var ring = new Ring<Item>(64);
    var go = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (int s = 0; s < senders; s++) {
      int sender = s;
      var thread = new Thread(() -> {
        RuntimeFixture.await(go);
        for (int i = 0; i < each;) {
          if (ring.offer(new Item(sender, i))) {
            i++;
          } else {
            Thread.onSpinWait();
          }
        }
      });
      threads.add(thread);
      thread.start();
    }
    go.countDown();
    var next = new int[senders];
    for (int received = 0; received < senders * each;) {
      var item = ring.poll();
      if (item == null) {
        Thread.onSpinWait();
        continue;
      }
      assertThat(item.number()).isEqualTo(next[item.sender()]++);
      received++;
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(ring.poll()).isNull();
    assertThat(next).containsOnly(each);
  }
}
