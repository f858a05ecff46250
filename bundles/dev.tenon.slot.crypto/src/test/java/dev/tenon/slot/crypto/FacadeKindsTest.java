package dev.tenon.slot.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.crypto.certificate.CertificateScheme;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.role.Delivery;
import dev.tenon.runtime.role.Idempotent;
import dev.tenon.runtime.role.MemoryRead;
import dev.tenon.runtime.role.Stream;
import dev.tenon.runtime.role.Unit;
import dev.tenon.runtime.role.Wait;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each method of the role has one kind, and the facade, written by hand, has the method and says the same of it.
class FacadeKindsTest {
  private static final List<Class<? extends Annotation>> KINDS =
      List.of(Unit.class, Wait.class, Stream.class, Delivery.class, MemoryRead.class);

  private static List<Class<? extends Annotation>> kinds(Method method) {
    return KINDS.stream().filter(method::isAnnotationPresent).toList();
  }

  @ParameterizedTest
  @ValueSource(classes = {SchemeProvider.class, CertificateScheme.class})
  void eachMethodHasOneKindInContractAndFacade(Class<?> contract) throws NoSuchMethodException {
    Class<?> facade = contract == SchemeProvider.class ? SchemeFacade.class : EpochScheme.class;
    for (Method method : contract.getMethods()) {
      assertThat(kinds(method)).as(method.toString()).hasSize(1);
      Method own = facade.getDeclaredMethod(method.getName(), method.getParameterTypes());
      assertThat(kinds(own)).as(own.toString()).isEqualTo(kinds(method));
      // A leased unit that has reached its provider is never dispatched again (Parked).
      assertThat(method.isAnnotationPresent(Idempotent.class)).as(method.toString()).isFalse();
    }
    assertThat(Arrays.asList(contract.getMethods())).isNotEmpty();
  }
}
