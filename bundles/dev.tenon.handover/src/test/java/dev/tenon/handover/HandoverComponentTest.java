package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.jvm.JvmPools;
import dev.tenon.runtime.jvm.JvmRuntime;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/// Goal: slots end in their order and begin again, whatever order the container has for binds and unbinds. Method: the
/// component on a real runtime, with a few lines in place of the framework.
class HandoverComponentTest {
  private static final SlotName LOWER = new SlotName("n", "lower", "u");
  private static final SlotName UPPER = new SlotName("n", "upper", "u");

  private final Simulation simulation = Simulation.seeded(1);
  private final SimNode node = simulation.node("n", booted -> {}); // only its metrics are used
  private final JvmPools pools = new JvmPools(new JvmPools.Threads(2, 4, 2, 1));
  private final CountDownLatch returns = new CountDownLatch(1);
  private final List<String> sealed = new CopyOnWriteArrayList<>();
  private JvmRuntime runtime;
  private final QueuedRole lower = new SealedRole("lower", "", sealed, () -> runtime);
  private final QueuedRole upper = new SealedRole("upper", "lower", sealed, () -> runtime);
  /// Of the framework.
  private volatile int state = Bundle.ACTIVE;
  /// Whether the desk's last task of a slot does not end, as where a force is in the kernel.
  private volatile boolean hangs;

  @BeforeEach
  void open(@TempDir Path folder) {
    runtime = new JvmRuntime("n", pools, node.metrics(), folder);
  }

  @AfterEach
  void close() {
    returns.countDown();
    runtime.close();
    pools.close();
    simulation.close();
  }

  /// As the container makes it: what is there is bound in any order.
  private HandoverComponent component() {
    HandoverComponent made = new HandoverComponent(context());
    made.bindStrategy(lower);
    made.bindStrategy(upper);
    made.bindProvider(provider(1, "lower"));
    made.bindProvider(provider(2, "upper"));
    made.bindRuntime(runtime);
    return made;
  }

  private static void wishLower(HandoverComponent component) {
    component.wish("lower", new SlotWish(LOWER, "plain", SlotLimits.DEFAULT));
  }

  private static boolean serves(HandoverComponent component, SlotName name) {
    return component.slots().stream().anyMatch(slot -> slot.name().equals(name) && slot.state() == SlotState.ACTIVE);
  }

  private static void until(String what, BooleanSupplier holds) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!holds.getAsBoolean() && System.nanoTime() < deadlineNs) {
      Thread.onSpinWait();
    }
    assertThat(holds.getAsBoolean()).as(what).isTrue();
  }

  @Test
  void aFrameworkThatStopsSealsFromTheTopThoughTheLowerRoleGoesFirst() {
    HandoverComponent component = component();
    wishLower(component);
    component.wish("upper", new SlotWish(UPPER, Terms.of("plain"), SlotLimits.DEFAULT, List.of(LOWER)));
    until("both serve", () -> serves(component, LOWER) && serves(component, UPPER));
    state = Bundle.STOPPING;
    component.unbindStrategy(lower);
    component.unbindStrategy(upper);
    component.stop();
    until("both have ended", () -> component.slots().isEmpty());
    assertThat(sealed).containsExactly("upper", "lower");
    assertThat(List.of(owner(UPPER), owner(LOWER))).containsOnly(Owner.State.CLOSED);
    component.unbindRuntime(runtime);
  }

  private Owner.State owner(SlotName name) {
    AtomicReference<Owner.@Nullable State> found = new AtomicReference<>();
    CountDownLatch looked = new CountDownLatch(1);
    runtime.strand("look:" + name).run("look", () -> {
      found
          .set(Present.of(new Locations(runtime.volume(), name.role(), name.use()).read(name.role() + "/u/1")).state());
      looked.countDown();
      return true;
    });
    await(looked);
    return Present.of(found.get());
  }

  /// A wrong name of a node or a role would else be seen nowhere, and who waits for the slot would wait for ever.
  @Test
  void aSlotWhoseNodeOrRoleIsNotThereIsShown() {
    HandoverComponent component = component();
    component.wish("a", new SlotWish(new SlotName("n", "jornal", "u"), "plain", SlotLimits.DEFAULT));
    component.wish("b", new SlotWish(new SlotName("o", "lower", "u"), "plain", SlotLimits.DEFAULT));
    wishLower(component);
    until("one serves", () -> serves(component, LOWER));
    assertThat(component.slots()).extracting(slot -> slot.name() + " " + slot.state() + " " + slot.reason())
        .containsExactly("n/jornal/u EMPTY there is no role jornal", "n/lower/u ACTIVE ",
            "o/lower/u EMPTY there is no node o");
    component.stop();
    until("all have ended", () -> component.slots().isEmpty());
    component.unbindRuntime(runtime);
  }

  @Test
  void aSlotHasOneConfiguration() {
    HandoverComponent component = component();
    wishLower(component);
    until("it serves", () -> serves(component, LOWER));
    SlotWish again = new SlotWish(LOWER, "other", SlotLimits.DEFAULT);
    assertThatThrownBy(() -> component.wish("second", again)).isInstanceOf(ConfigException.class)
        .hasMessageContaining("lower has n/lower/u");
    assertThat(component.slots()).singleElement().extracting(SlotStatus::wish).isEqualTo("plain");
    component.unwish("second", LOWER);
    assertThat(serves(component, LOWER)).as("only its own configuration ends it").isTrue();
    component.unwish("lower", LOWER);
    component.wish("second", again);
    until("it is the other one's", () -> component.slots().stream().anyMatch(slot -> slot.wish().equals("other")));
    component.stop();
    component.unbindRuntime(runtime);
  }

  @Test
  void slotsBeginOnceThoseOfTheStartBeforeHaveEnded() {
    HandoverComponent former = component();
    wishLower(former);
    until("it serves", () -> serves(former, LOWER));
    hangs = true;
    former.stop();
    former.unbindRuntime(runtime);
    HandoverComponent next = component();
    wishLower(next);
    assertThat(next.slots()).singleElement().satisfies(this::isWaiting);
    next.stop(); // the bundle is started once more meanwhile
    next.unbindRuntime(runtime);
    HandoverComponent last = component();
    wishLower(last);
    assertThat(last.slots()).singleElement().satisfies(this::isWaiting);
    hangs = false;
    returns.countDown();
    until("it serves again", () -> serves(last, LOWER));
    assertThat(next.slots()).isEmpty();
    last.stop();
    last.unbindRuntime(runtime);
  }

  private void isWaiting(SlotStatus slot) {
    assertThat(slot.name()).isEqualTo(LOWER);
    assertThat(slot.state()).isIn(SlotState.RECOVERING, SlotState.FAILED);
    assertThat(slot.reason()).contains("of an earlier start have not ended");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).as("happens within 60 s").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // The framework.

  private BundleContext context() {
    return proxy(BundleContext.class, Map.of(
        "getBundle", args -> args == null ? bundle(false) : bundle(true),
        "getService", args -> "provider",
        "ungetService", args -> true,
        "registerService", args -> proxy(ServiceRegistration.class, Map.of("unregister", none -> {
          if (hangs) {
            await(returns);
          }
          return "";
        }))));
  }

  private Bundle bundle(boolean framework) {
    return proxy(Bundle.class, Map.of(
        "getState", args -> framework ? state : Bundle.ACTIVE,
        "getSymbolicName", args -> "test.plain",
        "getVersion", args -> new Version(1, 0, 0)));
  }

  private ServiceReference<?> provider(long number, String role) {
    Map<String, Object> properties = Map.of(Constants.SERVICE_ID, number, QueuedRole.ROLE, role, QueuedRole.PROVIDER,
        "plain", Runtime.NODE, "");
    return proxy(ServiceReference.class, Map.of(
        "getProperty", args -> properties.get(args[0]),
        "getBundle", args -> bundle(false)));
  }

  private static <T> T proxy(Class<T> type, Map<String, Function<Object[], Object>> calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
      Function<Object[], Object> call = calls.get(method.getName());
      if (call == null) {
        throw new UnsupportedOperationException(method.getName());
      }
      Object result = call.apply(args);
      return method.getReturnType() == void.class ? null : result;
    }));
  }
}
