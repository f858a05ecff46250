package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.cli.SoakNode.Held;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakNodeTest {
  private static final Held BEFORE = new Held(100, 80, 20, 50);

  @Test
  void aLoaderMoreForEachUpdateIsGrowth() {
    assertThat(new Held(100, 80, 20, 50 + 10).growth(BEFORE, 10)).isEqualTo("class loaders 50 to 60, at most 5 more");
    assertThat(new Held(100, 80, 20, 50 + 9).growth(BEFORE, 40)).contains("at most 8 more");
  }

  @Test
  void aLoaderOrTwoAreNone() {
    assertThat(new Held(100, 80, 20, 50 + 5).growth(BEFORE, 10)).isEmpty();
    assertThat(new Held(100, 80, 20, 50 + 8).growth(BEFORE, 40)).isEmpty();
    assertThat(new Held(90, 70, 20, 40).growth(BEFORE, 10)).isEmpty();
  }

  @Test
  void tooFewUpdatesShowNothing() {
    assertThat(BEFORE.growth(BEFORE, 9)).isEqualTo("only 9 bundles came anew, not 10");
  }

  @Test
  void descriptorsAndThreadsAreCounted() {
    assertThat(new Held(117, 80, 20, 50).growth(BEFORE, 10)).contains("descriptors");
    assertThat(new Held(100, 113, 20, 50).growth(BEFORE, 10)).contains("threads");
    assertThat(new Held(116, 112, 20, 50).growth(BEFORE, 10)).isEmpty();
    assertThat(new Held(100, 85, 25, 50).growth(BEFORE, 10)).isEqualTo("threads of no pool 20 to 25, at most 4 more");
    assertThat(new Held(100, 84, 24, 50).growth(BEFORE, 10)).isEmpty();
  }

  @Test
  void poolsFillAndOthersAreThereFromTheStart() {
    for (String name : List.of("tenon-io-12", "tenon-compute-1", "tenon-actor-0", "EventAdminAsync", "C2 CompilerThre",
        "GC Thread#1", "G1 Conc#0")) {
      assertThat(SoakNode.isPooled(name)).as(name).isTrue();
    }
    for (String name : List.of("java", "soak-forces", "tenon-stop", "Common-Cleaner", "FelixDispatchQu", "")) {
      assertThat(SoakNode.isPooled(name)).as(name).isFalse();
    }
  }

  @Test
  void whatCannotBeCountedIsNotFlat() throws IOException {
    assertThat(SoakNode.loaders("42:\nTotal = 7  0 0\n")).isEqualTo(7);
    assertThat(SoakNode.threads("Name:\tjava\nThreads:\t81\n")).isEqualTo(81);
    assertThatThrownBy(() -> SoakNode.loaders("42:\nUnknown diagnostic\ncommand\n"))
        .hasMessage("no class loaders are counted: 42: Unknown diagnostic command");
    assertThatThrownBy(() -> SoakNode.loaders("Total = 0")).hasMessageContaining("no class loaders are counted");
    assertThatThrownBy(() -> SoakNode.threads("Name:\tjava")).hasMessageContaining("no threads are counted");
  }

  @Test
  void aToolThatFailsGivesNoAnswer() throws IOException {
    assertThat(BenchNode.answered("GC.run", 0, "done")).isEqualTo("done");
    assertThatThrownBy(() -> BenchNode.answered("GC.run", 1, "no such\nprocess\n"))
        .hasMessage("jcmd GC.run ended with 1: no such process");
  }
}
