package dev.tenon.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.ConfigException;
import dev.tenon.consensus.Epoch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochFileTest {
  private final Path directory;

  EpochFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void keepsTheAnnouncedEpochsForTheNextStart() {
    assertThat(new EpochFile(directory).announced()).isEmpty();
    new EpochFile(directory).keep(List.of(new Epoch(0), new Epoch(7)));
    new EpochFile(directory).keep(List.of(new Epoch(7), new Epoch(Long.MAX_VALUE)));
    assertThat(new EpochFile(directory).announced()).containsExactly(new Epoch(7), new Epoch(Long.MAX_VALUE));
  }

  @Test
  void refusesWhatAreNoAscendingNumbers() throws Exception {
    new EpochFile(directory).keep(List.of(new Epoch(7)));
    for (String text : List.of("-1", "7 8", "9".repeat(19), "7".repeat(4_096), "7\n7\n", "\n", many())) {
      Files.writeString(directory.resolve("committee/epochs"), text);
      assertThatThrownBy(() -> new EpochFile(directory).announced()).as(text).isInstanceOf(ConfigException.class)
          .hasMessageContaining("epochs");
    }
  }

  private static String many() {
    return IntStream.rangeClosed(0, EpochFile.EPOCHS_KEPT).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}
