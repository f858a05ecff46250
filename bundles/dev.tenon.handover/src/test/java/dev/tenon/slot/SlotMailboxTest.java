package dev.tenon.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Context;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.OutcomeUnknownException;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.WhenFull;
import dev.tenon.runtime.role.Reply;
import dev.tenon.runtime.role.RoleActor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One mailbox and its seats, step by step; all orders are [MailboxModelTest]'s.
class SlotMailboxTest {
  private static final int LANE = 8;
  private static final int BYTES_MAX = 1 << 20;

  /// A message.
  private record Say(int bytes, Reply<Integer> reply) {}

  private final class Idle implements RoleActor<Say, Object, Integer> {
    @Override
    public void handle(Say message) {}

    @Override
    public void own(Object message) {
      owns++;
    }

    @Override
    public void seal(Reply<Integer> summary) {
      summary.done(1);
    }

    @Override
    public void resume() {}
  }

  private int owns;
  /// The newest actor's own one.
  private @Nullable Mailbox<Object> inbox;
  private final ModelPort port = new ModelPort();
  private final SlotMailbox<Say> mailbox = new SlotMailbox<>(port,
      new MailboxSpec<>(1, LANE, message -> 0, message -> WhenFull.REPLACE_OLDEST), Say::bytes);
  private final List<Outcome<Integer>> told = new ArrayList<>();

  private Seat<Say, Integer> seated() {
    Seat<Say, Integer> seat = mailbox.seat((Context<Object> context) -> {
      inbox = context.self();
      return new Idle();
    });
    seat.start();
    seat.settled();
    return seat;
  }

  private void ask(Asking asking, int bytes) {
    Completion<Integer> answer = mailbox.ask(asking, reply -> new Say(bytes, reply));
    answer.onEnd(told::add);
  }

  private Offer offer(int bytes) {
    return mailbox.offer(new Say(bytes, new Nobody()));
  }

  private static final class Nobody implements Reply<Integer> {
    @Override
    public boolean done(Integer value) {
      return false;
    }

    @Override
    public boolean failed(RuntimeException cause) {
      return false;
    }

    @Override
    public boolean isWanted() { return false; }
  }

  @ParameterizedTest
  @EnumSource(value = Asking.class, names = "UNIT", mode = EnumSource.Mode.EXCLUDE)
  void whatWasTakenByAFormerActorIsNotAnsweredByItForItsSuccessor(Asking asking) {
    Seat<Say, Integer> former = seated();
    ask(asking, 1);
    Say taken = Objects.requireNonNull(mailbox.take(former));
    former.end();
    Seat<Say, Integer> successor = seated();
    Say again = Objects.requireNonNull(mailbox.take(successor));
    assertThat(taken.reply().done(1)).isFalse();
    assertThat(told).isEmpty();
    assertThat(again.reply().done(2)).isTrue();
    assertThat(told).containsExactly(new Outcome.Done<>(2));
  }

  @Test
  void whatReplacesTheOldestFitsIntoTheBytesBound() {
    for (int i = 0; i < 4; i++) {
      assertThat(offer(1_000)).isEqualTo(Offer.OK);
    }
    assertThat(offer(BYTES_MAX - 1_500)).isEqualTo(Offer.OK);
    assertThat(mailbox.waitingBytes()).isEqualTo(BYTES_MAX - 500);
    assertThat(mailbox.depth()).isEqualTo(2);
    assertThat(offer(BYTES_MAX)).isEqualTo(Offer.OK);
    assertThat(mailbox.waitingBytes()).isEqualTo(BYTES_MAX);
  }

  @Test
  void aCallerThatIsStoppedAtItsLookLeavesItToTheNextOneOrToTheTick() {
    Seat<Say, Integer> seat = seated();
    ModelPort.Host<?> host = port.hosts.getLast();
    assertThat(mailbox.take(seat)).isNull();
    int looks = host.depth();
    for (int i = 0; i <= looks; i++) {
      host.go(new String[] {"host", "0", "turn"});
    }
    assertThat(host.depth()).isZero();
    host.stopsCaller = true;
    assertThatThrownBy(() -> offer(1)).isInstanceOf(Stopped.class);
    assertThat(host.depth()).isZero();
    assertThat(offer(2)).isEqualTo(Offer.OK);
    assertThat(host.depth()).isEqualTo(1);
    assertThat(mailbox.take(seat)).isNotNull();
    assertThat(mailbox.take(seat)).isNotNull();
    assertThat(mailbox.take(seat)).isNull();
    host.go(new String[] {"host", "0", "turn"});
    mailbox.remind();
    assertThat(host.depth()).as("nothing waits").isZero();
    host.stopsCaller = true;
    assertThatThrownBy(() -> offer(1)).isInstanceOf(Stopped.class);
    mailbox.remind();
    mailbox.remind();
    assertThat(host.depth()).isEqualTo(1);
    assertThat(offer(2)).isEqualTo(Offer.OK);
    assertThat(mailbox.depth()).isEqualTo(2);
  }

  @Test
  void whatIsLargerThanTheBoundReplacesNothing() {
    offer(1_000);
    assertThat(offer(BYTES_MAX + 1)).isEqualTo(Offer.REJECTED);
    assertThat(mailbox.waitingBytes()).isEqualTo(1_000);
  }

  /// It was given to an actor that has ended: perhaps it has had its effect.
  private void askTwiceAndGiveOne() {
    Seat<Say, Integer> seat = seated();
    ask(Asking.IDEMPOTENT, 1);
    mailbox.take(seat);
    seat.end();
    ask(Asking.IDEMPOTENT, 1);
  }

  private Class<?> how(int end) {
    return ((Outcome.Failed<Integer>) told.get(end)).cause().getClass();
  }

  @Test
  void atItsEndAQuestionThatWasGivenToAnActorIsNotSaidToBeNeverDispatched() {
    askTwiceAndGiveOne();
    mailbox.close();
    assertThat(how(0)).isEqualTo(OutcomeUnknownException.class);
    assertThat(how(1)).isEqualTo(SlotUnavailableException.class);
  }

  @Test
  void aQuestionThatWasGivenToAnActorAndIsReplacedIsNotSaidToBeNeverDispatched() {
    askTwiceAndGiveOne();
    for (int i = 0; i < LANE; i++) {
      offer(1);
    }
    assertThat(how(0)).isEqualTo(OutcomeUnknownException.class);
    assertThat(how(1)).isEqualTo(SlotUnavailableException.class);
  }

  @Test
  void aWaitThatIsAnsweredAtRestIsAskedAgainWhereItsActorGoesOn() {
    Seat<Say, Integer> seat = seated();
    ask(Asking.WAIT, 1);
    Say taken = Objects.requireNonNull(mailbox.take(seat));
    Reply<Integer> early = taken.reply();
    seat.seal().done(1);
    assertThat(early.done(1)).isFalse();
    seat.settled();
    Say again = Objects.requireNonNull(mailbox.take(seat));
    assertThat(early.isWanted()).isFalse();
    assertThat(again.reply().done(2)).isTrue();
    assertThat(told).containsExactly(new Outcome.Done<>(2));
  }

  private Seat<Say, Integer> atRest() {
    Seat<Say, Integer> seat = seated();
    seat.seal();
    while (!seat.isHeld()) {
      turn();
    }
    return seat;
  }

  private void turn() {
    port.hosts.getLast().go(new String[] {"host", "last", "turn"});
  }

  private void own(int count) {
    for (int i = 0; i < count; i++) {
      Objects.requireNonNull(inbox).offer(i);
      turn();
    }
  }

  @Test
  void anActorsOwnMessagesWaitWhileItRestsUpToABound() {
    Seat<Say, Integer> seat = atRest();
    own(Seat.OWN_MAX);
    assertThat(owns).isZero();
    seat.settled();
    turn();
    assertThat(owns).isEqualTo(Seat.OWN_MAX);
    assertThat(port.broken).isNull();
  }

  @Test
  void anActorThatIsSentMoreOfItsOwnWhileItRestsHasFailed() {
    Seat<Say, Integer> seat = atRest();
    own(Seat.OWN_MAX + 1);
    assertThat(seat.isOver()).isTrue();
    assertThat(port.broken).isNotNull();
  }

  @Test
  void aWaitThatIsNotAnsweredAtRestStaysWithItsActor() {
    Seat<Say, Integer> seat = seated();
    ask(Asking.WAIT, 1);
    Say taken = Objects.requireNonNull(mailbox.take(seat));
    seat.seal().done(1);
    seat.settled();
    assertThat(mailbox.take(seat)).isNull();
    assertThat(taken.reply().done(2)).isTrue();
    assertThat(told).containsExactly(new Outcome.Done<>(2));
  }
}
