package dev.tenon.runtime.jvm;

import static dev.tenon.runtime.jvm.RuntimeFixture.await;

import dev.tenon.runtime.Actor;
import dev.tenon.runtime.MailboxSpec;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimersTest {
  @Test
  void anActorThatCannotTakeItsMessageEndsNobodyElsesTime(@TempDir Path folder) {
    var timers = new Timers();
    timers.start();
    // Not closed as a node is: that would ask its actor to stop, on threads that have ended.
    var ending = new RuntimeFixture(folder.resolve("b"));
    try (var living = new RuntimeFixture(folder.resolve("a"))) {
      var rung = new CountDownLatch(1);
      Actor<String> ringing = message -> rung.countDown();
      Actor<String> deaf = message -> {};
      var hears = (ActorCell<?>) living.runtime.spawn("hears", MailboxSpec.<String>oneLane(2), context -> ringing);
      var cannot = (ActorCell<?>) ending.runtime.spawn("cannot", MailboxSpec.<String>oneLane(2), context -> deaf);
      ending.pools.close(); // its turns are refused from now on
      timers.after(cannot, "lost", 0);
      timers.after(hears, "told", 1);
      await(rung);
    } finally {
      timers.close(Workers.Joining.ms(1_000));
    }
  }
}
