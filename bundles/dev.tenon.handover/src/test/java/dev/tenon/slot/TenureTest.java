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

  private static final long SECOND_NS = 1_000_000_000;

  private CallsInside look(long second) {
    return tenure.look(second * SECOND_NS, 4 * SECOND_NS);
  }

  @Test
  void aCallThatDoesNotLeaveIsOverdueThoughOthersComeAndGo() {
    tenure.open();
    assertThat(look(0)).isEqualTo(CallsInside.NONE);
    int hangs = tenure.enter();
    for (int second = 1; second < 5; second++) {
      int passes = tenure.enter();
      assertThat(look(second).overdue()).as("after " + second).isZero();
      tenure.exit(passes);
    }
    current = 1;
    int young = tenure.enter();
    assertThat(look(5)).isEqualTo(new CallsInside(2, 1, 1, 4_000));
    tenure.exit(hangs);
    assertThat(look(6)).isEqualTo(new CallsInside(1, 0, 1, 1_000));
    tenure.exit(young);
    assertThat(look(60)).isEqualTo(new CallsInside(0, 0, 1, 0));
  }

  @Test
  void oneThatLeavesInTheMomentInWhichAnotherBecomesOverdueHidesNone() {
    tenure.open();
    look(0);
    int first = tenure.enter();
    look(1);
    int second = tenure.enter();
    look(2);
    assertThat(look(5)).isEqualTo(new CallsInside(2, 1, 1, 4_000));
    tenure.exit(first);
    assertThat(look(6)).isEqualTo(new CallsInside(1, 1, 2, 4_000));
    tenure.exit(second);
  }

  @Test
  void eachThatHangsIsCountedAsLongAsAGroupIsLeft() {
    tenure.open();
    List<Integer> inside = new ArrayList<>();
    look(0);
    for (int second = 1; second <= 20; second++) {
      inside.add(tenure.enter());
      look(second);
    }
    // Seven groups hold one each, and the last goes on.
    assertThat(look(30)).isEqualTo(new CallsInside(20, 7, 7, 29_000));
    inside.subList(0, 7).forEach(tenure::exit);
    assertThat(look(31)).isEqualTo(new CallsInside(13, 0, 7, 0));
    assertThat(look(35)).isEqualTo(new CallsInside(13, 13, 20, 4_000));
    inside.subList(7, 20).forEach(tenure::exit);
    assertThat(look(36)).isEqualTo(new CallsInside(0, 0, 20, 0));
  }

  @Test
  void theDrainWaitsForCallsOfEachGroup() {
    tenure.open();
    look(0);
    int old = tenure.enter();
    look(1);
    int young = tenure.enter();
    assertThat(young).isNotEqualTo(old);
    assertThat(tenure.shutAndDrain(script(List.of(() -> tenure.exit(old))), 0)).isFalse();
    assertThat(tenure.inside()).isEqualTo(1);
    assertThat(tenure.shutAndDrain(script(List.of(() -> tenure.exit(young))), 0)).isTrue();
  }
}
