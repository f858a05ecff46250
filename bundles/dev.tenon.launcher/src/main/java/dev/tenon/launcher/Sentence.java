package dev.tenon.launcher;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// A failure in one line for a person, for every main: what files throw names a path and not what is wrong with it.
public final class Sentence {
  private Sentence() {}

  /// Says what went wrong.
  ///
  /// @param failure whatever was thrown
  /// @return one line
  public static String of(Throwable failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : null;
    Throwable told = cause == null ? failure : cause;
    String text = told instanceof FileSystemException file ? of(file) : told.getMessage();
    return text == null ? told.getClass().getSimpleName() : text.replace('\n', ' ');
  }

  private static String of(FileSystemException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file or folder: " + paths(failure);
      case AccessDeniedException _ -> "not permitted: " + paths(failure);
      case FileAlreadyExistsException _ -> "exists already: " + paths(failure);
      case NotDirectoryException _ -> "not a folder: " + paths(failure);
      case DirectoryNotEmptyException _ -> "the folder is not empty: " + paths(failure);
      default -> failure.getReason() == null
          ? "cannot be read or written: " + paths(failure)
          : String.valueOf(failure.getMessage());
    };
  }

  private static String paths(FileSystemException failure) {
    return failure.getFile() + (failure.getOtherFile() == null ? "" : " -> " + failure.getOtherFile());
  }
}
