package dev.tenon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Benchmarks by name.
@Command(description = "Runs benchmarks; --list names them.")
final class BenchCommand implements Callable<Integer> {
  private static final int FLUSHES = 400;
  private static final int DEVNET_SECONDS = 60;

  @Mixin
  final Common common = new Common();
  @Option(names = "--list", description = "name all, with a line each")
  private boolean list;
  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;
  @Parameters(paramLabel = "NAME", arity = "0..*", description = "which")
  private List<String> names = List.of();
  @Spec
  private CommandSpec spec = CommandSpec.create();

  /// @return every benchmark there is
  static List<Bench> all() {
    Path home = Path.of(System.getProperty("tenon.home", "."));
    return List.of(new FlushBench(home, FLUSHES), new DevnetBench(home, DEVNET_SECONDS),
        new UpdateDipBench(home), new SlotOverheadBench(home), new SimulatorBench(), new QueuedAppendBench(),
        new SwapPauseBench(home), new SwapLoadBench(home), new PrepareBench(home));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      for (Bench bench : all()) out.println(bench.name() + "  " + bench.help());
      out.flush();
      return 0;
    }
    List<Bench> chosen = names.stream().map(this::named).toList();
    if (chosen.isEmpty()) throw new ParameterException(spec.commandLine(), "name a benchmark, or --list");
    for (Bench bench : chosen) {
      bench.run((metric, value, unit) -> out.println(line(bench.name(), metric, value, unit)));
      out.flush();
    }
    return 0;
  }

  private String line(String bench, String metric, double value, String unit) {
    return json
        ? String.format(Locale.ROOT,
            "{\"bench\":\"%s\",\"metric\":\"%s\",\"value\":%.4f,\"unit\":\"%s\",\"provider\":\"\""
                + ",\"peer\":\"\"}",
            bench, metric, value, unit)
        : String.format(Locale.ROOT, "%-12s %-20s %12.3f %s", bench, metric, value, unit);
  }

  private Bench named(String name) {
    return all().stream().filter(bench -> bench.name().equals(name)).findFirst()
        .orElseThrow(() -> new ParameterException(spec.commandLine(), "unknown benchmark '" + name + "'; known: "
            + String.join(", ", all().stream().map(Bench::name).toList())));
  }
}
