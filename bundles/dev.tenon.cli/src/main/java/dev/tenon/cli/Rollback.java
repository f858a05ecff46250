package dev.tenon.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// One more handover, to the provider before; the node knows which that is.
@Command(description = "Hands a slot back to the provider before, to a fresh location, and waits for it.")
final class Rollback implements Callable<Integer> {
  private static final String ASKED = "asked for ";

  @Mixin
  final Common common = new Common();
  @Mixin
  private final NodeFolder node = new NodeFolder();
  @Mixin
  private final HandoverWait handover = new HandoverWait();
  @Parameters(paramLabel = "SLOT", description = "such as v0/journal/broadcast; see ./tenon slots")
  private String slot = "";
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    handover.check();
    String answer = node.told("rollback " + slot);
    spec.commandLine().getOut().println(answer);
    if (!answer.startsWith(ASKED)) throw new IOException("the node does not say whom it has asked for");
    return handover.until(node, slot, answer.substring(ASKED.length()));
  }
}
