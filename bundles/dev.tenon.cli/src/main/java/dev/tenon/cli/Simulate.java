package dev.tenon.cli;

import dev.tenon.sim.Scenario;
import dev.tenon.sim.Scenarios;
import dev.tenon.sim.SimResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Scenarios in the simulator, one line a seed.
@Command(description = "Runs the deterministic simulator, one line a seed; exit 1 if an invariant breaks.")
final class Simulate implements Callable<Integer> {
  private static final long COUNT_MAX = 10_000_000;

  @Mixin
  final Common common = new Common();
  @Option(names = "--scenario", paramLabel = "NAME", description = "only this one (default: all)")
  private @Nullable String scenario;
  @Option(names = "--seed", paramLabel = "N", description = "the first seed (default: 0)")
  private long seed;
  @Option(names = "--count", paramLabel = "N", description = "how many seeds (default: 1)")
  private long count = 1;
  @Option(names = "--scheme", paramLabel = "NAME",
      description = "signatures: null or ed25519 (default: null); what a scenario does not know it leaves out")
  private @Nullable String scheme;
  @Option(names = "--list", description = "names the scenarios with one line each, and runs none")
  private boolean list;
  @Option(names = "--trace", paramLabel = "FILE", description = "write the events of the run; one scenario, one seed")
  private @Nullable Path trace;
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    List<Scenario> chosen = chosen();
    if (count < 1 || count > COUNT_MAX) throw refused("--count " + count + " is not from 1 to " + COUNT_MAX);
    if (trace != null && (count != 1 || chosen.size() != 1)) throw refused("--trace needs one --scenario and one seed");
    if (trace != null) checkPlace(trace);
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      chosen.forEach(each -> out.println(each.name() + "  " + each.help() + "  " + each.schemes()));
      out.flush();
      return 0;
    }
    List<String> failures = new ArrayList<>();
    String suffix = scheme == null ? "" : " --scheme " + scheme;
    long passed = 0;
    for (Scenario each : chosen) {
      for (long i = 0; i < count; i++) {
        SimResult result = run(each, seed + i);
        out.println(each.name() + " seed " + (seed + i) + " " + result.digest());
        out.flush();
        if (result.passed()) passed++;
        else failures.add("./tenon simulate --scenario " + each.name() + suffix + " --seed " + (seed + i));
        result.violations().forEach(violation -> out.println("  " + violation));
      }
    }
    failures.forEach(out::println);
    out.println(passed + " passed, " + failures.size() + " failed");
    out.flush();
    return failures.isEmpty() ? 0 : Main.FAILED;
  }

  private void checkPlace(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) throw refused("--trace " + file + ": no such folder: " + folder);
    if (Files.isDirectory(file)) throw refused("--trace " + file + " is a folder; give a file, new or to be replaced");
  }

  private SimResult run(Scenario each, long chosenSeed) throws IOException {
    if (trace == null) return each.run(chosenSeed, null);
    try (Writer writer = Files.newBufferedWriter(trace)) {
      return each.run(chosenSeed, writer);
    }
  }

  private List<Scenario> chosen() {
    List<Scenario> all = Scenarios.all();
    List<Scenario> named = all.stream().filter(each -> scenario == null || each.name().equals(scenario)).toList();
    if (named.isEmpty()) {
      throw refused("unknown scenario '" + scenario + "'; known: "
          + String.join(", ", all.stream().map(Scenario::name).toList()));
    }
    if (scheme == null) return named;
    String wanted = scheme;
    List<Scenario> able = named.stream().filter(each -> each.schemes().contains(wanted)).map(each -> each.with(
        wanted)).toList();
    if (able.isEmpty()) {
      throw refused("unknown scheme '" + wanted + "'; known: "
          + String.join(", ", named.stream().flatMap(each -> each.schemes().stream()).distinct().toList()));
    }
    return able;
  }

  private ParameterException refused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
