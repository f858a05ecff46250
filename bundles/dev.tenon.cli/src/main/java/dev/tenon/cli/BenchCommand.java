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
  @Option(names = "--check",
      description = "a line 'missed: ...' for each row that misses its bound, and then exit code 1; a note for a"
          + " benchmark that has none")
  boolean check;
  @Option(names = "--rounds", paramLabel = "N", description = "swaps, or pairs of slices, instead of the usual number")
  private int rounds;
  @Option(names = "--seconds", paramLabel = "N", description = "after which a row of swaps ends, or a slice under load")
  private int seconds;
  @Option(names = "--mib", paramLabel = "N",
      description = "size of the journal that is swapped; swap-pause: one row only")
  private int mib;
  @Option(names = "--set", paramLabel = "PID.key=VALUE",
      description = "configuration of the node whose journal is swapped")
  private List<String> set = List.of();
  @Parameters(paramLabel = "NAME", arity = "0..*", description = "which")
  private List<String> names = List.of();
  @Spec
  private CommandSpec spec = CommandSpec.create();

  /// @return every benchmark there is
  static List<Bench> all(BenchExtent extent) {
    Path home = Path.of(System.getProperty("tenon.home", "."));
    return List.of(new FlushBench(home, FLUSHES), new DevnetBench(home, DEVNET_SECONDS),
        new UpdateDipBench(home), new SlotOverheadBench(home), new SimulatorBench(), new QueuedAppendBench(),
        new SwapPauseBench(home, extent), new SwapPauseTailsBench(home, extent), new SwapLoadBench(home, extent),
        new PrepareBench(home, extent));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      for (Bench bench : all(extent())) out.println(bench.name() + "  " + bench.help());
      out.flush();
      return 0;
    }
    List<Bench> chosen = names.stream().map(this::named).toList();
    if (rounds < 0 || seconds < 0 || mib < 0) {
      throw new ParameterException(spec.commandLine(), "--rounds, --seconds and --mib are numbers from 0 on");
    }
    if (chosen.isEmpty()) throw new ParameterException(spec.commandLine(), "name a benchmark, or --list");
    return run(chosen, out, json ? spec.commandLine().getErr() : out);
  }

  /// @param verdicts gets the lines of the check and notes, which are no figures
  int run(List<Bench> chosen, PrintWriter out, PrintWriter verdicts) throws IOException {
    int code = 0;
    for (Bench bench : chosen) {
      BenchCheck told = new BenchCheck(bench.name(), printed(bench, out, verdicts));
      bench.run(told);
      out.flush();
      if (!check) continue;
      told.of(bench).forEach(verdicts::println);
      verdicts.flush();
      if (told.isMissed()) code = Main.FAILED;
    }
    return code;
  }

  private Bench.Results printed(Bench bench, PrintWriter out, PrintWriter notes) {
    return new Bench.Results() {
      @Override
      public void add(String metric, double value, String unit) {
        out.println(line(bench.name(), metric, value, unit));
      }

      @Override
      public void note(String text) {
        notes.println(text);
        notes.flush();
      }
    };
  }

  private BenchExtent extent() {
    return new BenchExtent(rounds, seconds, mib, set);
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
    return all(extent()).stream().filter(bench -> bench.name().equals(name)).findFirst()
        .orElseThrow(() -> new ParameterException(spec.commandLine(), "unknown benchmark '" + name + "'; known: "
            + String.join(", ", all(extent()).stream().map(Bench::name).toList())));
  }
}
