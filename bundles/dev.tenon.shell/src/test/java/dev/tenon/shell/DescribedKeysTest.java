package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;

class DescribedKeysTest {
  private static final String PID = "dev.tenon.example";

  /// A key as a Metatype service gives it, for whole numbers up to 65535.
  private record Port(String id) implements AttributeDefinition {
    @Override
    public String getName() { return id; }

    @Override
    public String getID() { return id; }

    @Override
    public String getDescription() { return "0 to 65535"; }

    @Override
    public int getCardinality() { return 0; }

    @Override
    public int getType() { return INTEGER; }

    @Override
    public String[] getOptionValues() { return new String[0]; }

    @Override
    public String[] getOptionLabels() { return new String[0]; }

    @Override
    public String validate(String value) {
      return value.matches("[0-9]{1,5}") ? "" : "no number";
    }

    @Override
    public String[] getDefaultValue() { return new String[] {"0"}; }
  }

  private final DescribedKeys keys = new DescribedKeys(Map.of("port", new Port("port")), List.of("runtime"), false);

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
    var asleep = new DescribedKeys(Map.of("port", new Port("port")), List.of(), true);
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
        .containsExactly("dev.tenon.example.port=abc: not a whole number in range (0 to 65535)");
    assertThat(keys.faults(PID, Map.of("port", "x".repeat(10_000))).getFirst()).hasSizeLessThan(120);
  }
}
