package dev.tenon.testkit.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tenon.codec.CheckFailed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Runs every JSON file below some folders as vectors, and tells what fails.
///
/// Prints one line for each failed case and a last line `N passed, N failed`. A file that no kind recognises, that is
/// no JSON or is too large counts as one failed case and is named. Nothing in a file leads to an exception or a hang.
public final class VectorRunner {
  /// The largest file that is read, in bytes.
  static final long FILE_BYTES_MAX = 64 << 20;
  /// How deep below a given folder files are looked for.
  static final int DEPTH_MAX = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final List<VectorKind> kinds;
  private final PrintStream out;

  VectorRunner(List<VectorKind> kinds, PrintStream out) {
    this.kinds = List.copyOf(kinds);
    this.out = out;
  }

  /// Runs all vectors that Tenon knows the kinds of.
  ///
  /// @param dirs folders, walked in order of names, or single files
  /// @param services what the vectors check
  /// @param out receives the lines
  /// @return 0 if there were cases and none failed, else 1
  public static int run(List<Path> dirs, VectorServices services, PrintStream out) {
    return new VectorRunner(VectorKinds.all(services), out).run(dirs);
  }

  /// Runs the vectors of the codec and of keys from seeds. The other kinds need services and are unknown to it.
  ///
  /// @param dirs folders, walked in order of names, or single files
  /// @param out receives the lines
  /// @return 0 if there were cases and none failed, else 1
  public static int run(List<Path> dirs, PrintStream out) {
    return new VectorRunner(VectorKinds.alone(), out).run(dirs);
  }

  /// Runs the vectors of files on disk. The other kinds are unknown to it.
  ///
  /// @param dirs folders, walked in order of names, or single files
  /// @param journals whose files are checked
  /// @param out receives the lines
  /// @return 0 if there were cases and none failed, else 1
  public static int run(List<Path> dirs, ReferenceFiles journals, PrintStream out) {
    return new VectorRunner(VectorKinds.journals(journals), out).run(dirs);
  }

  int run(List<Path> dirs) {
    var total = new Cases("", out);
    for (Path dir : dirs) {
      for (Path file : files(dir, total)) {
        run(dir.equals(file) ? String.valueOf(file.getFileName()) : dir.relativize(file).toString(), file, total);
      }
    }
    out.println(total.passed() + " passed, " + total.failed() + " failed");
    return total.failed() == 0 && total.passed() > 0 ? 0 : 1;
  }

  private static List<Path> files(Path dir, Cases total) {
    try (Stream<Path> all = Files.walk(dir, DEPTH_MAX)) {
      return all.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      total.failed(dir.toString(), "cannot be read: " + e.getClass().getSimpleName());
      return List.of();
    }
  }

  private void run(String name, Path file, Cases total) {
    var cases = new Cases(name, out);
    try {
      JsonNode root = read(file);
      VectorKind kind = kindOf(String.valueOf(file.getFileName()), root);
      if (kind == null) {
        cases.failed("", "unknown kind of vectors");
      } else {
        kind.run(root, cases);
      }
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      cases.failed("", "is no JSON" + (at == null ? "" : ", line " + at.getLineNr()) + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      cases.failed("", "cannot be read: " + e.getMessage());
    } catch (RuntimeException | CheckFailed e) {
      cases.failed("", "is malformed: " + e.getMessage());
    }
    total.add(cases);
  }

  private static JsonNode read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > FILE_BYTES_MAX) {
      throw new IOException("it has " + size + " bytes, allowed " + FILE_BYTES_MAX);
    }
    return JSON.readTree(Files.readAllBytes(file));
  }

  private @org.jspecify.annotations.Nullable VectorKind kindOf(String fileName, JsonNode root) {
    for (VectorKind kind : kinds) {
      if (kind.recognises(fileName, root)) {
        return kind;
      }
    }
    return null;
  }
}
