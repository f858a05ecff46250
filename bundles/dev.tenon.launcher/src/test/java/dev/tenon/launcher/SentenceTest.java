package dev.tenon.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceTest {
  private final Path folder;

  SentenceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static String said(ThrowingCallable call) {
    return Sentence.of(catchThrowable(call));
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    Path none = folder.resolve("no/such");
    assertThat(said(() -> Files.readString(none))).isEqualTo("no such file or folder: " + none);
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(said(() -> Files.createDirectories(file))).isEqualTo("exists already: " + file);
    assertThat(said(() -> Files.delete(folder))).isEqualTo("the folder is not empty: " + folder);
    assertThat(said(() -> Files.readString(folder))).contains("directory");
    assertThat(said(() -> Files.move(none, file))).startsWith("no such file or folder: " + none);
    assertThat(Sentence.of(new AccessDeniedException("a"))).isEqualTo("not permitted: a");
    assertThat(Sentence.of(new NotDirectoryException("a"))).isEqualTo("not a folder: a");
    assertThat(Sentence.of(new FileSystemException("a"))).isEqualTo("cannot be read or written: a");
    assertThat(Sentence.of(new FileSystemException("a", null, "No space left on device")))
        .isEqualTo("a: No space left on device");
    assertThat(Sentence.of(new UncheckedIOException(new AccessDeniedException("a")))).isEqualTo("not permitted: a");
  }

  @Test
  void leavesOtherMessagesInOneLine() {
    assertThat(Sentence.of(new IOException("no node\nruns"))).isEqualTo("no node runs");
    assertThat(Sentence.of(new IllegalStateException())).isEqualTo("IllegalStateException");
  }
}
