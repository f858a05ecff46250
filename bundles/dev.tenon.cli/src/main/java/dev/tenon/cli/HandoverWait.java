package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Waits for a handover that was asked for, and shows how far it is.
final class HandoverWait {
  private static final long LOOK_MS = 200;

  @Option(names = "--seconds", paramLabel = "N", description = "wait at most so long (default: ${DEFAULT-VALUE})")
  private int seconds = 3_600;
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /// To be called before anything is asked for.
  void check() {
    if (seconds < 1) throw new ParameterException(spec.commandLine(), "--seconds " + seconds + " is not from 1 on");
  }

  /// @param wish who is to serve; empty for anybody
  /// @return the exit code
  int until(NodeFolder node, String slot, String wish) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String shown = "";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() - end < 0) {
      String line = node.told("swap " + slot);
      if (!line.equals(shown)) {
        shown = line;
        out.println(line);
        out.flush();
      }
      // Right after the wish the node may not have heard of it: then it still says that the one before is in place.
      if (line.startsWith("done: " + (wish.isEmpty() ? "" : wish.contains("@") ? wish + " " : wish + "@"))) return 0;
      if (line.startsWith("failed:")) return Main.FAILED;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
    }
    throw new IOException("not done within " + seconds + " s: " + shown);
  }
}
