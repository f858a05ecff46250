package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Changes a slot's wish and waits until another provider serves it, or the handover was given up.
@Command(description = "Hands a slot over to another provider and waits for it.")
final class Swap implements Callable<Integer> {
  private static final long LOOK_MS = 200;

  @Mixin
  final Common common = new Common();
  @Mixin
  private final NodeFolder node = new NodeFolder();
  @Parameters(index = "0", paramLabel = "SLOT", description = "such as v0/journal/broadcast; see ./tenon slots")
  private String slot = "";
  @Parameters(index = "1", arity = "0..1", paramLabel = "PROVIDER[@VERSION]", description = "who is to serve it")
  private String provider = "";
  @Option(names = "--cancel", description = "give up what is being prepared; who serves goes on")
  private boolean cancel;
  @Option(names = "--evict",
      description = "leave a call behind that does not end; its caller hears that nothing is known")
  private boolean evict;
  @Option(names = "--dry-run", description = "only say what it would be: nothing is made, who serves does not notice")
  private boolean dryRun;
  @Option(names = "--seconds", paramLabel = "N", description = "wait at most so long (default: ${DEFAULT-VALUE})")
  private int seconds = 3_600;
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (cancel != provider.isEmpty() || (cancel && dryRun)) {
      throw new IOException("give a provider, or --cancel");
    }
    if (dryRun) {
      String found = told("swap " + slot + " " + provider + " --dry-run");
      out.println(found);
      return found.startsWith("possible:") ? 0 : Main.FAILED;
    }
    out.println(told("swap " + slot + " " + (cancel ? "--cancel" : provider + (evict ? " --evict" : ""))));
    String shown = "";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      String line = told("swap " + slot);
      if (!line.equals(shown)) {
        shown = line;
        out.println(line);
        out.flush();
      }
      // Right after the wish the node may not have heard of it: then it still says that the one before is in place.
      if (line.startsWith("done: " + (cancel ? "" : provider.contains("@") ? provider + " " : provider + "@")))
        return 0;
      if (line.startsWith("failed:")) return Main.FAILED;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
    }
    throw new IOException("not done within " + seconds + " s: " + shown);
  }

  private String told(String line) throws IOException {
    String answer = node.ask(line);
    int end = answer.indexOf('\n');
    String first = end < 0 ? answer : answer.substring(0, end);
    if (!first.equals("ok")) {
      throw new IOException(first.startsWith("error ") ? first.substring("error ".length()) : first);
    }
    return answer.substring(end + 1).strip();
  }
}
