package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The end of a running node's log.
@Command(description = "Prints the end of the running node's log.")
final class Logs implements Callable<Integer> {
  private static final int LINES_MAX = 10_000;
  private static final int BYTES_MAX = 4 << 20;

  @Mixin
  final Common common = new Common();
  @Mixin
  private final NodeFolder node = new NodeFolder();
  @Option(names = "--lines", paramLabel = "N", description = "how many lines, 1 to 10000 (default: 50)")
  private int lines = 50;
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (lines < 1 || lines > LINES_MAX) {
      throw new ParameterException(spec.commandLine(), "--lines " + lines + " is not from 1 to " + LINES_MAX);
    }
    node.ask("line"); // fails where none runs
    List<String> all = end().lines().toList();
    PrintWriter out = spec.commandLine().getOut();
    all.subList(Math.max(0, all.size() - lines), all.size()).forEach(out::println);
    out.flush();
    return 0;
  }

  private String end() throws IOException {
    try (FileChannel file = FileChannel.open(node.data.resolve("logs/node.log"))) {
      long size = file.size();
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, BYTES_MAX));
      file.position(size - bytes.capacity());
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // read on
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }
}
