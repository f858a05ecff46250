package dev.tenon.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Goal: no series of a node stays out of the page. Method: sources with one way each to register some.
class MetricPageTest {
  private final MetricPage page = new MetricPage();

  @Test
  void readsNameHelpAndLabelsAlsoThroughMethodsOfTheFile() {
    file("""
        Rooms() {
          all(metrics, "doors");
          depth = metrics.gauge("tenon_room_depth_bytes", "How " + "deep.", "room", room.toString());
        }
        void all(Metrics metrics, String thing) {
          of(thing, "open");
          of(thing, "shut");
        }
        Counter of(String thing, String state) {
          return metrics
              .counter("tenon_room_" + thing + "_total", "Doors.", "room", room, "state", state);
        }
        """);
    assertThat(page.findings()).isEmpty();
    assertThat(page.draw().lines().skip(3)).containsExactly(
        "| `tenon_room_depth_bytes` | gauge | bytes | `room` | a.room | How deep. |",
        "| `tenon_room_doors_total` | counter |  | `room`, `state` (open, shut) | a.room | Doors. |");
  }

  @Test
  void refusesWhatItCannotRead() {
    file("void one() { metrics.counter(name(), \"Doors.\"); }");
    file("void two(String help) { metrics.gauge(\"tenon_room_b\", help); }");
    file("void three(String[] labels) { metrics.histogram(\"tenon_room_c\", \"Doors.\", BOUNDS, labels); }");
    assertThat(page.findings()).extracting(Finding::rule).containsExactly("metric", "metric", "metric");
  }

  @Test
  void leavesOutWhatAWrapperHandsOn() {
    file("Counter counter(String name, String help, String... labels) { return real.counter(name, help, labels); }");
    assertThat(page.findings()).isEmpty();
    file("Counter other(String name, String help, String... labels) { return real.counter(name, help, labels); }");
    assertThat(page.findings()).hasSize(1);
  }

  @Test
  void refusesOneNameForTwoThingsAndAHelpTextThatIsNoSentence() {
    file("void one() { metrics.counter(\"tenon_room_a_total\", \"Doors.\"); }");
    file("void two() { metrics.counter(\"tenon_room_a_total\", \"Windows.\"); }");
    file("void three() { metrics.gauge(\"tenon_room_b\", \"doors\"); }");
    assertThat(page.findings()).extracting(Finding::rule).containsExactly("metric", "metric-help");
  }

  private void file(String members) {
    page.file("Rooms.java", "a.room", "final class Rooms {\n" + members + "}\n");
  }
}
