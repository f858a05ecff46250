package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Changes a slot's wish and waits until another provider serves it, or the handover was given up.
@Command(description = "Hands a slot over to another provider and waits for it.")
final class Swap implements Callable<Integer> {
  @Mixin
  final Common common = new Common();
  @Mixin
  private final NodeFolder node = new NodeFolder();
  @Mixin
  private final HandoverWait handover = new HandoverWait();
  @Parameters(index = "0", paramLabel = "SLOT", description = "such as v0/journal/broadcast; see ./tenon slots")
  private String slot = "";
  @Parameters(index = "1", arity = "0..1", paramLabel = "PROVIDER[@VERSION]", description = "who is to serve it")
  private String provider = "";
  @Option(names = "--cancel",
      description = "give up what is being prepared, if PROVIDER is given only where it is that; who serves goes on")
  private boolean cancel;
  @Option(names = "--evict",
      description = "leave a call behind that does not end; its caller hears that nothing is known")
  private boolean evict;
  @Option(names = "--dry-run", description = "only say what it would be: nothing is made, who serves does not notice")
  private boolean dryRun;
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if ((!cancel && provider.isEmpty()) || (cancel && (dryRun || evict)) || (dryRun && evict)) {
      throw new ParameterException(spec.commandLine(),
          "give a provider, perhaps with one of --dry-run, --evict and --cancel, or --cancel alone");
    }
    handover.check();
    PrintWriter out = spec.commandLine().getOut();
    if (dryRun) {
      String found = node.told("swap " + slot + " " + provider + " --dry-run");
      out.println(found);
      return found.startsWith("possible:") ? 0 : Main.FAILED;
    }
    String words = provider + (cancel ? " --cancel" : evict ? " --evict" : "");
    out.println(node.told("swap " + slot + " " + words.strip()));
    return handover.until(node, slot, cancel ? "" : provider);
  }
}
