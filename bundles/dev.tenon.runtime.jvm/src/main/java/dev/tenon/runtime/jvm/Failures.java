package dev.tenon.runtime.jvm;

import dev.tenon.runtime.storage.NoSpaceException;
import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;

/// The system's errors as the contract's.
final class Failures {
  /// The words of ENOSPC and EDQUOT. The JDK hands on only the system's sentence, in English unless a locale is set.
  private static final List<String> FULL = List.of("no space left", "quota exceeded", "not enough space", "disk full");

  /// What may fail in the file system.
  interface Io<T> {
    T call() throws IOException;
  }

  private Failures() {}

  static <T extends @org.jspecify.annotations.Nullable Object> T guard(String what, Io<T> io) {
    try {
      return io.call();
    } catch (IOException e) {
      throw of(what, e);
    } catch (UncheckedIOException e) {
      throw of(what, new IOException(e.getMessage(), e));
    } catch (DirectoryIteratorException e) {
      throw of(what, new IOException(e.getMessage(), e));
    }
  }

  static StorageFailedException of(String what, IOException failure) {
    String reason = failure instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : String.valueOf(failure.getMessage());
    String text = what + ": " + (reason.equals("null") ? failure.getClass().getSimpleName() : reason);
    String lower = reason.toLowerCase(Locale.ROOT);
    return FULL.stream().anyMatch(lower::contains) ? new NoSpaceException(text)
        : new StorageFailedException(text, failure);
  }
}
