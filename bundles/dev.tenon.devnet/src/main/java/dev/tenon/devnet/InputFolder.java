package dev.tenon.devnet;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.crypto.Hasher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads the files to broadcast, and keeps a copy of each beside the node's data: a chunk that was not certified when
/// the node stopped needs its bytes again, whatever has become of the folder.
final class InputFolder {
  private static final String KEY = "dev.tenon.devnet.input";
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int FILES_MAX = 1_024;
  private static final long BYTES_MAX = 64L << 20;
  private static final List<String> BUILT_IN =
      List.of("op-mainnet-batcher-tx.bin", "op-sepolia-blob.bin", "random-span-batch.bin");

  private InputFolder() {}

  /// @param folder every regular file in it as it is, in the order of names; empty for the built-in batches
  /// @throws ConfigException if the folder has no file, or one that is too large
  static List<Bytes> read(String folder) {
    return folder.isEmpty() ? builtIn() : readAll(Path.of(folder));
  }

  /// Keeps copies, and returns what was kept before.
  ///
  /// @param kept the folder of the copies, made where absent
  static List<Bytes> keep(Path kept, List<Bytes> files, Hasher hasher) {
    try {
      Files.createDirectories(kept);
      List<Bytes> former = new ArrayList<>();
      try (Stream<Path> copies = Files.list(kept)) {
        for (Path copy : copies.filter(Files::isRegularFile).sorted().limit(FILES_MAX).toList()) {
          former.add(Bytes.wrap(Files.readAllBytes(copy)));
        }
      }
      for (Bytes file : files) {
        Path copy = kept.resolve(hasher.hash(file).bytes().hex());
        if (!Files.exists(copy)) {
          Path draft = kept.resolve("draft");
          Files.write(draft, file.toArray());
          Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return former;
    } catch (IOException e) {
      throw new UncheckedIOException("the payloads cannot be kept in " + kept, e);
    }
  }

  private static List<Bytes> readAll(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(KEY, folder.toString(), "the path of a folder that exists");
    }
    var files = new ArrayList<Bytes>();
    long bytes = 0;
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.filter(Files::isRegularFile).sorted().limit(FILES_MAX + 1L).toList()) {
        long size = Files.size(file);
        bytes += size;
        if (size > FILE_BYTES_MAX || bytes > BYTES_MAX || files.size() == FILES_MAX) {
          throw new ConfigException(KEY, file.toString(), "files of up to " + FILE_BYTES_MAX + " bytes, at most "
              + FILES_MAX + " and " + BYTES_MAX + " bytes together");
        }
        files.add(Bytes.wrap(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new ConfigException(KEY, folder.toString(), "a folder whose files can be read (" + e + ")");
    }
    if (files.isEmpty()) {
      throw new ConfigException(KEY, folder.toString(), "a folder with at least one regular file");
    }
    return files;
  }

  private static List<Bytes> builtIn() {
    return BUILT_IN.stream().map(name -> {
      try (InputStream in = InputFolder.class.getResourceAsStream("payloads/" + name)) {
        return Bytes.wrap(java.util.Objects.requireNonNull(in, name).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException("built-in payload " + name, e);
      }
    }).toList();
  }
}
