package dev.tenon.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Asks what a slot that has failed can be brought back from, chooses, and lets it be signed on again.
@Command(description = "Brings back a slot that has failed; without an option it says what from.")
final class SlotRecover implements Callable<Integer> {
  @Mixin
  final Common common = new Common();
  @Mixin
  private final NodeFolder node = new NodeFolder();
  @Parameters(index = "0", paramLabel = "recover", description = "what is done")
  private String what = "";
  @Parameters(index = "1", paramLabel = "SLOT", description = "such as v0/journal/broadcast; see ./tenon slots")
  private String slot = "";
  @Option(names = {"--from", "--use"}, paramLabel = "LOCATION", description = "from a location that is not sealed")
  private String from = "";
  @Option(names = "--from-retained", description = "from the newest that was handed over from")
  private boolean fromRetained;
  @Option(names = "--sign",
      description = "show from what it would be signed on again, and with --seen let it be: but for what may have been")
  private boolean sign;
  @Option(names = "--nothing-above",
      description = "for all: no key in use on the slot has signed anything above what is there")
  private boolean nothingAbove;
  @Option(names = "--seen", paramLabel = "TOKEN", description = "what --sign has shown is right")
  private String seen = "";
  @Option(names = "--json", description = "answer in JSON")
  private boolean json;
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (!what.equals("recover")) throw new ParameterException(spec.commandLine(), "give recover and a slot");
    long chosen = Stream.of(!from.isEmpty(), fromRetained, sign).filter(each -> each).count();
    if (chosen > 1 || (!sign && (nothingAbove || !seen.isEmpty()))) {
      throw new ParameterException(spec.commandLine(), "give one of --from LOCATION, --from-retained and --sign, and"
          + " --nothing-above and --seen TOKEN only with --sign");
    }
    List<String> words = new ArrayList<>(List.of("slot", "recover", slot));
    if (!from.isEmpty()) words.addAll(List.of("--from", from));
    if (fromRetained) words.add("--from-retained");
    if (sign) words.add("--sign");
    if (nothingAbove) words.add("--nothing-above");
    if (!seen.isEmpty()) words.addAll(List.of("--seen", seen));
    if (json) words.add("--json");
    return Ask.answer(node, String.join(" ", words), spec.commandLine().getOut());
  }
}
