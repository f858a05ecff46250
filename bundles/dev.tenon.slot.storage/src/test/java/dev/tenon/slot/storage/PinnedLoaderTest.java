package dev.tenon.slot.storage;

import static dev.tenon.slot.storage.SlotWorld.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.Outcome;
import dev.tenon.slot.SlotState;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: promise H9. Once a slot was handed over and its former provider is gone, nothing of the node holds that one's
/// classes, whatever it still keeps of its data; and the check sees each thing that would hold them. Method: a provider
/// of a loader of its own and another one, both there; a handover; the first one goes. What it may leave behind is left
/// behind, and where that holds the loader, it is let go: then nothing else holds it.
@Isolated("asks the one collector of the process")
class PinnedLoaderTest {
  /// One collects what nothing holds; a few show that something is held.
  private static final int FEW = 3;
  private static final int MANY = 600;
  /// A class that is being compiled is held until that has ended, which takes its time on a busy machine.
  private static final long BETWEEN_MS = 50;

  /// Once one was held to the end the test is red, and the others need not wait as long.
  private static int tries = MANY;

  private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

  /// Defines the provider's classes anew, and takes all others from where the test has them.
  private static final class Own extends ClassLoader {
    Own() {
      super("provider", PinnedLoaderTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PinningJournals.class.getName()) && !name.startsWith(PlainJournals.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> found = findLoadedClass(name);
        return found == null ? define(name) : found;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream content = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (content == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = content.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static boolean isHeld(WeakReference<ClassLoader> loader) {
    for (int i = 0; i < FEW && !loader.refersTo(null); i++) {
      System.gc();
    }
    return !loader.refersTo(null);
  }

  private boolean isCollected(WeakReference<ClassLoader> loader) throws InterruptedException {
    for (int i = 0; i < tries && !loader.refersTo(null); i++) {
      System.gc();
      collected.remove(BETWEEN_MS);
    }
    if (!loader.refersTo(null)) {
      tries = FEW;
    }
    return loader.refersTo(null);
  }

  /// In a method of its own: no frame of the test holds anything of the provider.
  ///
  /// @param format of who takes over: the same is opened in place, another one copied
  private WeakReference<ClassLoader> handedOver(SlotWorld world, LeftBehind left, LeftBehind.Pin pin,
      String format) throws ReflectiveOperationException {
    Object provider =
        new Own().loadClass(PinningJournals.class.getName()).getConstructor().newInstance();
    world.withdraw(() -> {});
    world.makes = () -> (JournalProvider) provider;
    world.register();
    world.makes = () -> {
      throw new AssertionError("it is registered once");
    };
    Journal journal = world.journal("a");
    journal.append(1, item("x"));
    world.simulation.await(world.node, journal::commit);
    world.makesOther = () -> new PlainJournals(call -> {}, format, false, false);
    world.registerOther();
    leave(left, pin, provider);
    if (pin == LeftBehind.Pin.FAILURE) {
      journal.read(1, 0, 1).onEnd(left::keep);
      world.simulation.run(Duration.ofSeconds(2));
      assertThat(left.kept()).as("what its caller hears").isInstanceOf(Outcome.Failed.class);
    }
    world.wish("other");
    awaitServed(world);
    assertThat(world.isRegistered()).as("both are there").isTrue();
    journal.append(1, item("y"));
    world.simulation.await(world.node, journal::commit);
    assertThat(SlotWorld.all(world, journal)).containsExactly("x", "y");
    world.withdraw(() -> {});
    world.simulation.run(Duration.ofSeconds(1));
    assertThat(world.released).as("what was taken was given back, but for who serves").isEqualTo(world.taken - 1);
    return new WeakReference<>(provider.getClass().getClassLoader(), collected);
  }

  @SuppressWarnings("unchecked")
  private static void leave(LeftBehind left, LeftBehind.Pin pin, Object provider) {
    ((BiConsumer<LeftBehind.Pin, LeftBehind>) provider).accept(pin, left);
  }

  private static void awaitServed(SlotWorld world) {
    assertThat(world.simulation.runUntil(
        () -> world.isIn(SlotState.ACTIVE) && world.status().provider().startsWith("other@"), Duration.ofMinutes(2)))
        .as("" + world.slots.slots()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void theClassesOfWhatWasHandedOverFromGoAndWhatHoldsThemIsSeen(LeftBehind.Pin pin) throws Exception {
    try (SlotWorld world = new SlotWorld(1); LeftBehind left = new LeftBehind()) {
      WeakReference<ClassLoader> loader = handedOver(world, left, pin, "other-1");
      if (pin.holds()) {
        assertThat(isHeld(loader)).as("something holds them").isTrue();
        left.letGo();
      }
      assertThat(isCollected(loader)).as("they are collected").isTrue();
      assertThat(world.simulation.blocking(world.node,
          () -> world.node.runtime().volume().locations("journal/test"))).as("its data are retained").contains("1");
    }
  }

  @Test
  void theyGoAlsoWhereTheLocationWasOpenedInPlace() throws Exception {
    try (SlotWorld world = new SlotWorld(2); LeftBehind left = new LeftBehind()) {
      WeakReference<ClassLoader> loader = handedOver(world, left, LeftBehind.Pin.NOTHING, "plain-1");
      assertThat(isCollected(loader)).as("they are collected").isTrue();
    }
  }

  /// A newcomer that fails is let go too: its bundle may be taken away to mend it.
  @Test
  void theyGoAlsoWhereAHandoverToThemWasGivenUp() throws Exception {
    try (SlotWorld world = new SlotWorld(3)) {
      WeakReference<ClassLoader> loader = refused(world);
      assertThat(isCollected(loader)).as("they are collected").isTrue();
    }
  }

  private WeakReference<ClassLoader> refused(SlotWorld world) throws Exception {
    Object provider =
        new Own().loadClass(PinningJournals.class.getName()).getConstructor().newInstance();
    world.withdraw(() -> {});
    world.makes = () -> new PlainJournals(call -> {}, "other-1", false, false);
    world.register();
    Journal journal = world.journal("a");
    journal.append(1, item("x"));
    world.simulation.await(world.node, journal::commit);
    try (LeftBehind left = new LeftBehind()) {
      leave(left, LeftBehind.Pin.FAILURE, provider); // of reading back what was copied
    }
    world.makesOther = () -> (JournalProvider) provider;
    world.registerOther();
    world.makesOther = null;
    world.wish("other");
    assertThat(world.simulation.runUntil(() -> world.status().outcome().isFailure(), Duration.ofMinutes(1))).isTrue();
    world.wish("plain");
    world.withdrawOther();
    world.simulation.run(Duration.ofSeconds(5));
    return new WeakReference<>(provider.getClass().getClassLoader(), collected);
  }
}
