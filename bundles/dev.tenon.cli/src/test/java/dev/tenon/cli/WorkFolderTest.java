package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  private final List<String> notes = new ArrayList<>();

  @TempDir
  private Path folder;

  @Test
  void aFolderIsBelowTheCheckoutOnWhoseDiskForcesCost() throws IOException {
    Path made = WorkFolder.make(folder, "b-", notes::add);
    assertThat(made).isEmptyDirectory().hasParent(folder.resolve(".tenon"));
    assertThat(notes).containsExactly("files are on " + Files.getFileStore(folder).type());
    Files.createDirectories(WorkFolder.data(made).resolve("journal"));
    WorkFolder.delete(made);
    assertThat(folder.resolve(".tenon")).isEmptyDirectory();
  }

  /// A node refuses a longer path than 90 bytes.
  @Test
  void aPathLeavesRoomForTheControlSocket() {
    Path atLimit = Path.of("/" + "p".repeat(90 - "/".length() - "/b-01234567890123456789/d".length()));
    assertThat(WorkFolder.leavesRoom(atLimit, "b-")).isTrue();
    assertThat(WorkFolder.leavesRoom(atLimit, "bb-")).isFalse();
    assertThat(WorkFolder.leavesRoom(Path.of("/" + "ä".repeat(40)), "b-")).isFalse();
  }

  @Test
  void aCheckoutThatIsTooDeepSaysWhereItsFilesAre() throws IOException {
    Path deep = folder.resolve("d".repeat(90));
    Path made = WorkFolder.make(deep, "b-", notes::add);
    assertThat(made).isEmptyDirectory();
    assertThat(made.startsWith(deep)).isFalse();
    assertThat(notes).hasSize(2).first().asString().contains("too long for a control socket");
    WorkFolder.delete(made);
    assertThat(deep).doesNotExist();
  }
}
