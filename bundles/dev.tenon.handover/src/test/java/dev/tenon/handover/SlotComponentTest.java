package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What an operator's change of one value is told, before it is made and kept for later starts.
class SlotComponentTest {
  /// Defaults, but for some values.
  private static SlotConfig config(Map<String, Object> values) {
    return (SlotConfig) Proxy.newProxyInstance(SlotConfig.class.getClassLoader(), new Class<?>[] {SlotConfig.class},
        (self, method, none) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
  }

  private static final SlotConfig SLOT = config(Map.of("role", "journal", "use", "test"));

  @Test
  void aValueThatDoesNotFitAnotherIsRefused() {
    assertThat(SlotComponent.refused(SLOT, "backOffMsMin", 20_000L)).get().asString().contains("backOffMsMax=10000")
        .contains("20000 to 600000");
    assertThat(SlotComponent.refused(SLOT, "tailItemsMax", 10_000)).isEmpty();
    assertThat(SlotComponent.refused(SLOT, "tailItemsHardMax", 63)).contains("64 to 1000000");
  }

  @Test
  void eachKindOfValueIsJudgedAsTextToo() {
    assertThat(SlotComponent.refused(SLOT, "unitsMax", "63")).contains("64 to 1048576");
    assertThat(SlotComponent.refused(SLOT, "bytesMax", "1048576")).isEmpty();
    assertThat(SlotComponent.refused(SLOT, "pinned", "true")).isEmpty();
    assertThat(SlotComponent.refused(SLOT, "follow", "major")).contains("none, patch, minor");
    assertThat(SlotComponent.refused(SLOT, "provider", "a b")).isPresent();
    assertThat(SlotComponent.refused(SLOT, "use", "Test")).isPresent();
    assertThat(SlotComponent.refused(SLOT, "beneath", new String[] {"journal/below"})).isEmpty();
    assertThat(SlotComponent.refused(SLOT, "beneath", "journal")).isPresent();
  }
}
