package dev.tenon.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.CheckFailed;
import dev.tenon.runtime.Stripes;
import dev.tenon.runtime.Waiter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One thread that stands for many: the test says in which cell it counts.
class TenureTest {
  private int current;
  private final Stripes four = new Stripes() {
    @Override
    public int count() {
      return 4;
    }

    @Override
    public int current() {
      return current;
    }
  };
  private final Tenure<String> tenure = Tenure.of("provider", 3, four);
  private int wakes;

  /// Sleeps while the script lasts, and does a line of it at each sleep.
  private Waiter script(List<Runnable> lines) {
    List<Runnable> left = new ArrayList<>(lines);
    return new Waiter() {
      @Override
      public void wake() {
        wakes++;
      }

      @Override
      public boolean sleepUntil(long deadlineNs) {
        if (left.isEmpty()) {
          return false;
        }
        left.removeFirst().run();
        return true;
      }
    };
  }

  @Test
  void nobodyComesInBeforeItOpens() {
    assertThat(tenure.enter()).isEqualTo(-1);
    assertThat(tenure.inside()).isZero();
    tenure.open();
    assertThat(tenure.enter()).isPositive();
    assertThat(tenure.provider()).isEqualTo("provider");
    assertThat(tenure.generation()).isEqualTo(3);
  }

  @Test
  void eachCellIsALineOfItsOwnAndNoneIsTheFirst() {
    tenure.open();
    List<Integer> cells = new ArrayList<>();
    for (current = 0; current < 8; current++) {
      cells.add(tenure.enter());
    }
    assertThat(cells).containsExactly(16, 32, 48, 64, 16, 32, 48, 64);
  }

  @Test
  void anyNumberOfAThreadIsRight() {
    tenure.open();
    current = -1;
    int stripe = tenure.enter();
    assertThat(stripe).isEqualTo(64);
    tenure.exit(stripe);
    assertThat(tenure.inside()).isZero();
  }

  @Test
  void theDrainLooksAtEachCellUntilItIsEmpty() {
    tenure.open();
    current = 3;
    int last = tenure.enter();
    current = 0;
    int first = tenure.enter();
    assertThat(tenure.shutAndDrain(script(List.of(() -> tenure.exit(last), () -> tenure.exit(first))), 0)).isTrue();
    assertThat(wakes).isEqualTo(2);
    assertThat(tenure.isOpen()).isFalse();
  }

  @Test
  void whoIsStillInsideAtTheDeadlineKeepsTheDrainFromEnding() {
    tenure.open();
    int stripe = tenure.enter();
    assertThat(tenure.shutAndDrain(script(List.of()), 0)).isFalse();
    assertThat(tenure.enter()).isEqualTo(-1);
    tenure.open();
    assertThat(tenure.enter()).isEqualTo(stripe);
    tenure.exit(stripe);
    tenure.exit(stripe);
    assertThat(tenure.shutAndDrain(script(List.of()), 0)).isTrue();
  }

  @Test
  void anOpenDoorWakesNobody() {
    tenure.open();
    tenure.shutAndDrain(script(List.of()), 0);
    tenure.open();
    tenure.exit(tenure.enter());
    assertThat(wakes).isZero();
  }

  @Test
  void aVacantOneHasNoProvider() {
    Tenure<String> vacant = Tenure.vacant(four);
    assertThat(vacant.enter()).isEqualTo(-1);
    assertThatThrownBy(vacant::provider).isInstanceOf(CheckFailed.class);
  }

  @Test
  void cellsAreCountedInPowersOfTwo() {
    Stripes three = new Stripes() {
      @Override
      public int count() {
        return 3;
      }

      @Override
      public int current() {
        return 0;
      }
    };
    assertThatThrownBy(() -> Tenure.of("provider", 1, three)).isInstanceOf(CheckFailed.class);
  }
}
