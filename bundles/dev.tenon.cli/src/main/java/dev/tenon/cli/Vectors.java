package dev.tenon.cli;

import dev.tenon.crypto.jvm.BatchedVerifier;
import dev.tenon.crypto.jvm.Blake3;
import dev.tenon.crypto.jvm.Ed25519;
import dev.tenon.crypto.jvm.Sha256;
import dev.tenon.scheme.ec.EcSchemes;
import dev.tenon.testkit.vectors.VectorRunner;
import dev.tenon.testkit.vectors.VectorServices;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Vector files against the implementation.
@Command(description = "Runs every vector file below the folders; exit 1 if any case fails.")
final class Vectors implements Callable<Integer> {
  @Mixin
  final Common common = new Common();
  @Parameters(paramLabel = "DIR", arity = "1..*", description = "folders or files of vectors")
  private List<Path> folders = List.of();

  @Override
  public Integer call() {
    return VectorRunner.run(folders, services(), System.out);
  }

  /// What nodes of profile `devnet` use.
  static VectorServices services() {
    var ed25519 = new Ed25519();
    return new VectorServices(ed25519, new Sha256(), new Blake3(),
        runtime -> new EcSchemes(runtime, ed25519, new BatchedVerifier(runtime, ed25519)), new SegmentedFiles());
  }
}
