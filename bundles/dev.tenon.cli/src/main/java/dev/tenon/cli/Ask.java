package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Any command that the node itself answers, under the name it was called by.
@Command
final class Ask implements Callable<Integer> {
  @Mixin
  final Common common = new Common();
  @Mixin
  private final NodeFolder node = new NodeFolder();
  @Option(names = "--json", description = "answer in JSON")
  private boolean json;
  @Parameters(paramLabel = "WORD", description = "further words for the node", hidden = true)
  private List<String> words = List.of();
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    AskedWords.fault(spec.name(), words).ifPresent(fault -> {
      throw new ParameterException(spec.commandLine(), fault);
    });
    String line = spec.name() + (words.isEmpty() ? "" : " " + String.join(" ", words)) + (json ? " --json" : "");
    return answer(node, line, spec.commandLine().getOut());
  }

  /// Asks, and prints the body of the answer.
  ///
  /// @return the exit code
  static int answer(NodeFolder node, String line, PrintWriter out) throws IOException {
    String answer = node.ask(line);
    int end = answer.indexOf('\n');
    String first = end < 0 ? answer : answer.substring(0, end);
    if (first.startsWith("error ")) throw new IOException(first.substring("error ".length()));
    out.print(answer.substring(end + 1));
    out.flush();
    return first.equals("ok") ? 0 : Main.FAILED;
  }
}
