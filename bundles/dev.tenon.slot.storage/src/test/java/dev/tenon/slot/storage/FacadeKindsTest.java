package dev.tenon.slot.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.OpenReport;
import dev.tenon.runtime.Promise;
import dev.tenon.runtime.role.Delivery;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Stream;
import dev.tenon.runtime.role.Unit;
import dev.tenon.runtime.role.Wait;
import dev.tenon.slot.SlotPort;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotUnit;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each method of the role has one kind, and the facade says the same of its own.
class FacadeKindsTest {
  private static final List<Class<? extends Annotation>> KINDS =
      List.of(Unit.class, Wait.class, Stream.class, Delivery.class, MemoryRead.class);
  private static final int SECTION = 1;

  private static List<Class<? extends Annotation>> kinds(Method method) {
    return KINDS.stream().filter(method::isAnnotationPresent).toList();
  }

  @ParameterizedTest
  @ValueSource(classes = {Journal.class, JournalStore.class})
  void eachMethodHasOneKindInContractAndFacade(Class<?> contract) throws NoSuchMethodException {
    Class<?> facade = contract == Journal.class ? JournalHandle.class : JournalFacade.class;
    for (Method method : contract.getMethods()) {
      assertThat(kinds(method)).as(method.toString()).hasSize(1);
      Method own = facade.getDeclaredMethod(method.getName(), method.getParameterTypes());
      assertThat(kinds(own)).as(own.toString()).isEqualTo(kinds(method));
      assertThat(own.isAnnotationPresent(Idempotent.class)).as(own.toString())
          .isEqualTo(method.isAnnotationPresent(Idempotent.class));
    }
    assertThat(Arrays.asList(contract.getMethods())).isNotEmpty();
  }

  /// What is dispatched again after a failure is what the contract allows to be.
  @ParameterizedTest
  @ValueSource(classes = {Journal.class, JournalStore.class})
  void eachUnitIsIdempotentAsItsMethodIs(Class<?> contract) throws ReflectiveOperationException {
    List<SlotUnit> offered = new ArrayList<>();
    SlotPort port = proxy(SlotPort.class, (method, words) -> switch (method) {
      case "name" -> SlotWorld.NAME;
      case "heldBytesMax" -> 1L << 20;
      case "offer" -> offered.add((SlotUnit) words[0]);
      case "state" -> SlotState.ACTIVE;
      case "promise" -> proxy(Promise.class, (end, nothing) -> end.equals("done") ? true : null);
      default -> null;
    });
    JournalFamily family = new JournalFamily(port);
    Tenure tenure = new Tenure(proxy(JournalInstance.class,
        (method, words) -> method.equals("report") ? new OpenReport(List.of(), 0) : null), 1_024);
    family.resume(tenure);
    for (Method method : contract.getMethods()) {
      if (method.isAnnotationPresent(Unit.class)) {
        offered.clear();
        JournalHandle handle = family.open(tenure, "a", null);
        handle.append(SECTION, ByteBuffer.allocate(1));
        offered.forEach(unit -> unit.run(tenure));
        family.sync(tenure); // nothing of it is held any more: a read of it asks the provider
        offered.clear();
        Object facade = contract == Journal.class ? handle : new JournalFacade(port, family);
        method.invoke(facade, words(method));
        assertThat(offered).as(method.toString()).hasSize(1);
        assertThat(offered.getFirst().isIdempotent()).as(method.toString())
            .isEqualTo(method.isAnnotationPresent(Idempotent.class));
      }
    }
  }

  private static Object[] words(Method method) {
    return switch (method.getName()) {
      case "journal", "remove" -> new Object[] {"a"};
      case "append" -> new Object[] {SECTION, ByteBuffer.allocate(1)};
      case "read" -> new Object[] {SECTION, 0, 1};
      case "rewind" -> new Object[] {SECTION, 0};
      case "prune" -> new Object[] {SECTION};
      default -> new Object[0];
    };
  }

  private interface Answers {
    @Nullable
    Object of(String method, Object[] words);
  }

  private static <T> T proxy(Class<T> type, Answers answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
        (proxy, method, words) -> answers.of(method.getName(), words)));
  }
}
