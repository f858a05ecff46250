package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentsTest {
  @Test
  void tellsTheInnermostCauseOfAFailureInOneLine() {
    String trace = """
        java.lang.reflect.InvocationTargetException
        \tat org.example.Somewhere.run(Somewhere.java:1)
        Caused by: java.lang.IllegalStateException: outer
        \tat org.example.Somewhere.run(Somewhere.java:2)
        Caused by: dev.tenon.codec.ConfigException: pageBytes=3: 64 to 65536
        \tat org.example.Somewhere.run(Somewhere.java:3)
        \t... 12 more
        """;
    assertThat(Components.rootCause(trace)).isEqualTo("ConfigException: pageBytes=3: 64 to 65536");
    assertThat(Components.rootCause("java.io.IOException: no room\n\tat x")).isEqualTo("IOException: no room");
    assertThat(Components.rootCause(null)).isEmpty();
  }

  @Test
  void tellsApartWhatOneComponentHasSeveralOf() {
    assertThat(Components.named("a.slot", Map.of("service.pid", "a.slot~v0"))).isEqualTo("a.slot~v0");
    assertThat(Components.named("a.node", Map.of("service.pid", "dev.other~v1"))).isEqualTo("a.node~v1");
    assertThat(Components.named("a", Map.of("service.pid", List.of("a", "b~x")))).isEqualTo("a~x");
    assertThat(Components.named("a", Map.of("service.pid", new String[] {"a", "b~x"}))).isEqualTo("a~x");
    assertThat(Components.named("a", Map.of("service.pid", "a"))).isEqualTo("a");
    assertThat(Components.named("a", Map.of("component.id", 7L))).isEqualTo("a");
  }
}
