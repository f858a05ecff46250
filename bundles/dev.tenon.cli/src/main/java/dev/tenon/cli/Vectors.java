package dev.tenon.cli;

import dev.tenon.testkit.vectors.VectorRunner;
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
    return VectorRunner.run(folders, System.out);
  }
}
