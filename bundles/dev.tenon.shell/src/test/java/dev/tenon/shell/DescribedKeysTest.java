package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.metatype.AD;
import org.apache.felix.metatype.MetaDataReader;
import org.apache.felix.metatype.OCD;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;

class DescribedKeysTest {
  private static final String PID = "dev.tenon.example";

  /// A key as Felix's Metatype service gives it: its range and its options are known only to its judgement.
  private record Key(AD described) implements AttributeDefinition {
    @Override
    public String getName() { return described.getName(); }

    @Override
    public String getID() { return described.getID(); }

    @Override
    public String getDescription() { return described.getDescription(); }

    @Override
    public int getCardinality() { return described.getCardinality(); }

    @Override
    public int getType() { return described.getType(); }

    @Override
    public String[] getOptionValues() { return described.getOptionValues(); }

    @Override
    public String[] getOptionLabels() { return described.getOptionLabels(); }

    @Override
    public String validate(String value) { return described.validate(value); }

    @Override
    public String[] getDefaultValue() { return described.getDefaultValue(); }
  }

  private static Key key(String type, @Nullable String min, @Nullable String max, @Nullable String initial) {
    AD described = new AD();
    described.setID("port");
    described.setDescription("Loopback port");
    described.setType(type);
    described.setMin(min);
    described.setMax(max);
    described.setDefaultValue(initial);
    return new Key(described);
  }

  /// Those of a slot, as bnd and Felix make them from its annotations.
  private static DescribedKeys slot() throws IOException {
    Map<String, AttributeDefinition> described = new TreeMap<>();
    try (InputStream xml = DescribedKeysTest.class.getClassLoader()
        .getResourceAsStream("OSGI-INF/metatype/dev.tenon.handover.SlotConfig.xml")) {
      OCD slot = (OCD) new MetaDataReader().parse(xml).getObjectClassDefinitions().values().iterator().next();
      for (Object each : slot.getAttributeDefinitions().values()) {
        described.put(((AD) each).getID(), new Key((AD) each));
      }
    }
    return new DescribedKeys(described, List.of(), false);
  }

  private final DescribedKeys keys = new DescribedKeys(Map.of("port", key("Integer", "0", "65535", "0")),
      List.of("runtime"), false);

  @Test
  void acceptsWhatIsDescribedAndWhatTheContainerAdds() {
    assertThat(keys.faults(PID, Map.of("port", 9464))).isEmpty();
    assertThat(keys.faults(PID, Map.of("port", new Object[] {1, 2}))).isEmpty();
    assertThat(keys.faults(PID, Map.of("runtime.target", "(a=b)"))).isEmpty();
    assertThat(keys.faults(PID, Map.of("service.pid", PID))).isEmpty();
    assertThat(keys.faults(PID, Map.of(":configurator:feature", "x"))).isEmpty();
  }

  /// Its components are not known yet.
  @Test
  void takesAnyReferenceOfABundleThatIsNotStarted() {
    var asleep = new DescribedKeys(keys.keys(), List.of(), true);
    assertThat(asleep.faults(PID, Map.of("runtime.target", "(a=b)"))).isEmpty();
    assertThat(asleep.faults(PID, Map.of("prot", 1))).hasSize(1);
    assertThat(asleep.faults(PID, Map.of("port", "no"))).hasSize(1);
  }

  @Test
  void namesAKeyThatNobodyReadsAndThoseThatAreRead() {
    assertThat(keys.faults(PID, Map.of("prot", 1)))
        .containsExactly("dev.tenon.example.prot: nobody reads this key; known: port");
    assertThat(keys.faults(PID, Map.of("clock.target", "(a=b)"))).hasSize(1);
  }

  @Test
  void namesAValueOfTheWrongTypeInOneShortLine() {
    assertThat(keys.faults(PID, Map.of("port", List.of(1, "abc"))))
        .containsExactly("dev.tenon.example.port=abc: not a whole number from 0 to 65535 (Loopback port)");
    assertThat(keys.faults(PID, Map.of("port", "x".repeat(10_000))).getFirst()).hasSizeLessThan(150);
  }

  @Test
  void saysWhichNumbersAndWordsASlotAccepts() throws Exception {
    DescribedKeys slot = slot();
    assertThat(slot.faults("s", Map.of("parkTimeoutMs", 5L))).containsExactly("s.parkTimeoutMs=5: not a whole number "
        + "from 100 to 600000 (How long a unit waits for a provider, in ms)");
    assertThat(slot.faults("s", Map.of("unitsMax", "x")).getFirst()).contains("a whole number from 64 to 1048576 (");
    assertThat(slot.faults("s", Map.of("bytesMax", 0)).getFirst()).contains("from 1048576 to 4294967296 (");
    assertThat(slot.faults("s", Map.of("goneBudgetMs", 5_001)).getFirst()).contains("from 0 to 5000 (");
    assertThat(slot.faults("s", Map.of("pinned", "maybe")).getFirst()).contains("not true or false (");
    assertThat(slot.faults("s", Map.of("follow", "major")).getFirst()).contains("not one of ").contains("none", "patch",
        "minor");
    assertThat(slot.faults("s", Map.of("onGone", "stop")).getFirst()).contains("not one of ").contains("park",
        "migrate");
    assertThat(slot.faults("s", Map.of("parkTimeoutMs", 600_000, "follow", "patch", "provider", "mapdb"))).isEmpty();
  }

  /// Ranges that end where their type does, on one side or both, and one whose default cannot be judged.
  @Test
  void findsTheEndsOfEveryRange() {
    assertThat(wanted(key("Long", null, null, "7")))
        .contains("from -9223372036854775808 to 9223372036854775807 (");
    assertThat(wanted(key("Long", "1", null, "100"))).contains("from 1 to 9223372036854775807 (");
    assertThat(wanted(key("Long", null, "-5", "-5"))).contains("from -9223372036854775808 to -5 (");
    assertThat(wanted(key("Integer", "3", "3", "3"))).contains("from 3 to 3 (");
    assertThat(wanted(key("Short", null, "40000", "0"))).contains("from -32768 to 32767 (");
    assertThat(wanted(key("Byte", "-1", "1", null))).contains("from -1 to 1 (");
    assertThat(wanted(key("Integer", "5", "9", null))).contains("not a whole number in range (");
  }

  private static String wanted(Key key) {
    return new DescribedKeys(Map.of("port", key), List.of(), false).faults(PID, Map.of("port", "x")).getFirst();
  }
}
