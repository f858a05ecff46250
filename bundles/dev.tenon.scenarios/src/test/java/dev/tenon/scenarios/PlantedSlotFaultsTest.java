package dev.tenon.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.QueuedTransfer;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Goal: what is wrong in a handover is found. Method: a strategy or provider that leaves one step out, in place of the
/// good one, has to be found by the invariant that is meant for it, within so few seeds that every build can run them.
class PlantedSlotFaultsTest {
  private static final int SEEDS = 500;

  /// What happens in place of a call.
  private interface Deed {
    Object call(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  @Test
  void aCopyThatIsNotSyncedBeforeTheRecordIsFound() {
    assertFound("swaps-crashes", new Plants(Unsynced::new, UnaryOperator.identity()), " holds [");
  }

  @Test
  void aRewindThatIsNotCarriedOverIsFound() {
    assertFound("swaps-calm", carrying("Rewind"), " holds [");
  }

  @Test
  void aPruneThatIsNotCarriedOverIsFound() {
    assertFound("swaps-calm", carrying("Prune"), " holds [");
  }

  @Test
  void aRemovalThatIsNotCarriedOverIsFound() {
    assertFound("swaps-calm", carrying("Remove"), ", which was removed");
  }

  @Test
  void aTailThatStaysBehindTheFenceIsFound() {
    Plants plants = Plants.of(role -> !role.role().equals(JournalProvider.ROLE) ? role : standing(role, facade -> {
      boolean[] held = {false};
      return stood(QueuedFacade.class, (method, arguments) -> {
        held[0] = method.getName().equals("hold");
        Object answer = method.invoke(facade, arguments);
        return !method.getName().equals("transfer") ? answer
            : stood(QueuedTransfer.class, (step, given) -> held[0]
                && step.getName().equals("export")
                    ? new QueuedTransfer.Piece(parcel(List.of(), List.of()), 0, 0, 0, true)
                    : step.invoke(answer, given));
      });
    }));
    assertFound("swaps-calm", plants, "acknowledged items are gone");
  }

  private static void assertFound(String name, Plants plants, String by) {
    BroadcastScenario scenario = SwapScenarios.all().stream().filter(each -> each.name().equals(name)).findFirst()
        .orElseThrow().planted(plants);
    List<String> others = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      List<String> violations = scenario.run(seed, null).violations();
      if (violations.stream().anyMatch(violation -> violation.contains(by))) {
        return;
      }
      others.addAll(violations);
    }
    assertThat(others).as("violations until '" + by + "' is found in " + name).isNull();
  }

  /// A strategy of journals whose pieces lack one kind of change of the past.
  private static Plants carrying(String allBut) {
    return Plants.of(role -> !role.role().equals(JournalProvider.ROLE) ? role
        : standing(role,
            facade -> stood(QueuedFacade.class, (method, arguments) -> {
              Object answer = method.invoke(facade, arguments);
              return !method.getName().equals("transfer") ? answer
                  : stood(QueuedTransfer.class,
                      (step, given) -> step.getName().equals("export")
                          ? without((QueuedTransfer.Piece) step.invoke(answer, given), allBut)
                          : step.invoke(answer, given));
            })));
  }

  private static QueuedTransfer.Piece without(QueuedTransfer.Piece piece, String kind)
      throws ReflectiveOperationException {
    List<Object> orders = new ArrayList<>((List<?>) of(piece.content(), "orders"));
    orders.removeIf(order -> order.getClass().getSimpleName().equals(kind));
    return new QueuedTransfer.Piece(parcel(orders, (List<?>) of(piece.content(), "runs")), piece.items(), piece.bytes(),
        piece.itemsLeft(), piece.endsRound());
  }

  /// The strategy keeps its pieces to itself.
  private static Object of(Object parcel, String component) throws ReflectiveOperationException {
    Method accessor = parcel.getClass().getDeclaredMethod(component);
    accessor.setAccessible(true);
    return accessor.invoke(parcel);
  }

  private static Object parcel(List<?> orders, List<?> runs) throws ReflectiveOperationException {
    Constructor<?> made = Class.forName("dev.tenon.slot.storage.Parcel").getDeclaredConstructor(List.class, List.class);
    made.setAccessible(true);
    return made.newInstance(orders, runs);
  }

  private static QueuedRole standing(QueuedRole role, UnaryOperator<QueuedFacade> before) {
    return stood(QueuedRole.class, (method, arguments) -> {
      Object answer = method.invoke(role, arguments);
      return answer instanceof QueuedFacade facade ? before.apply(facade) : answer;
    });
  }

  private static <T> T stood(Class<T> type, Deed deed) {
    return type.cast(Proxy.newProxyInstance(PlantedSlotFaultsTest.class.getClassLoader(), new Class<?>[] {type},
        (proxy, method, arguments) -> {
          try {
            return deed.call(method, arguments);
          } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
          }
        }));
  }

  /// A journal provider that syncs nothing before it is in charge.
  private record Unsynced(JournalProvider real) implements JournalProvider {
    @Override
    public Description describe() {
      return real.describe();
    }

    @Override
    public JournalInstance open(OpenContext context) {
      JournalInstance opened = real.open(context);
      boolean[] active = {false};
      return stood(JournalInstance.class, (method, arguments) -> {
        active[0] |= method.getName().equals("activate");
        return active[0] || !method.getName().equals("sync") ? method.invoke(opened, arguments) : true;
      });
    }
  }
}
