package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

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

  /// What models and simulator run with is what an operator gets who says nothing.
  @Test
  void theDefaultsOfTheKeysAreThoseOfTheLimits() {
    assertThat(SlotComponent.read(SLOT).limits()).isEqualTo(SlotLimits.DEFAULT);
    assertThat(SlotComponent.read(SLOT).terms()).isEqualTo(Terms.of(""));
  }

  /// The ranges stand in Metatype, which the page of the keys is made from, and in the limits, which are judged by.
  @Test
  void theRangesOfTheKeysAreThoseOfTheLimits() throws Exception {
    Map<String, Object> widest = Map.of("role", "journal", "use", "test", "backOffMsMin", 1L, "backOffMsMax", 600_000L,
        "tailItemsMax", 1, "tailItemsHardMax", 1_000_000);
    List<String> judged = new ArrayList<>();
    for (Element key : keysWithRange()) {
      String name = key.getAttribute("id");
      long min = Long.parseLong(key.getAttribute("min"));
      long max = Long.parseLong(key.getAttribute("max"));
      Map<String, Object> others = new HashMap<>(widest);
      others.remove(name);
      SlotConfig config = config(others);
      assertThat(SlotComponent.refused(config, name, min)).as("%s=%d", name, min).isEmpty();
      assertThat(SlotComponent.refused(config, name, max)).as("%s=%d", name, max).isEmpty();
      assertThat(SlotComponent.refused(config, name, min - 1)).as("%s=%d", name, min - 1).contains(min + " to " + max);
      assertThat(SlotComponent.refused(config, name, max + 1)).as("%s=%d", name, max + 1).contains(min + " to " + max);
      judged.add(name);
    }
    assertThat(judged).hasSize(20);
  }

  private static List<Element> keysWithRange() throws Exception {
    try (InputStream xml =
        SlotConfig.class.getResourceAsStream("/OSGI-INF/metatype/" + SlotConfig.class.getName() + ".xml")) {
      NodeList all = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml).getElementsByTagName("AD");
      List<Element> keys = new ArrayList<>();
      for (int i = 0; i < all.getLength(); i++) {
        Element key = (Element) all.item(i);
        if (key.hasAttribute("min")) {
          keys.add(key);
        }
      }
      return keys;
    }
  }
}
