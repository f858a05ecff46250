package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.cli.SoakNode.Held;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SoakNodeTest {
  private static final Held BEFORE = new Held(100, 80, 50);

  @Test
  void aLoaderMoreForEachUpdateIsGrowth() {
    assertThat(new Held(100, 80, 50 + 10).growth(BEFORE, 10)).isEqualTo("class loaders 50 to 60, at most 5 more");
    assertThat(new Held(100, 80, 50 + 9).growth(BEFORE, 40)).contains("at most 8 more");
  }

  @Test
  void aLoaderOrTwoAreNone() {
    assertThat(new Held(100, 80, 50 + 5).growth(BEFORE, 10)).isEmpty();
    assertThat(new Held(100, 80, 50 + 8).growth(BEFORE, 40)).isEmpty();
    assertThat(new Held(90, 70, 40).growth(BEFORE, 10)).isEmpty();
  }

  @Test
  void tooFewUpdatesShowNothing() {
    assertThat(BEFORE.growth(BEFORE, 9)).isEqualTo("only 9 bundles came anew, not 10");
  }

  @Test
  void descriptorsAndThreadsAreCounted() {
    assertThat(new Held(117, 80, 50).growth(BEFORE, 10)).contains("descriptors");
    assertThat(new Held(100, 129, 50).growth(BEFORE, 10)).contains("threads");
    assertThat(new Held(116, 128, 50).growth(BEFORE, 10)).isEmpty();
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
