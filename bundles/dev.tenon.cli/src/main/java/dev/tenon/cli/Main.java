package dev.tenon.cli;

import dev.tenon.launcher.Sentence;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// Finds the command, and turns what goes wrong into one line and an exit code.
@Command(name = "./tenon", description = "Asks a running node, and proves things without one.",
    synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = false)
public final class Main {
  static final int FAILED = 1;
  static final int USAGE = 2;

  private Main() {
  }

  /// In a JVM of a command's own, before anything logs.
  static void logQuietly() {
    System.setProperty("logback.configurationFile", "dev/tenon/cli/logback.xml");
  }

  /// @param words the command and its options
  public static void main(String[] words) {
    logQuietly();
    int code = commandLine().execute(words);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  static CommandLine commandLine() {
    CommandLine root = new CommandLine(new Main());
    root.addSubcommand("status", ask("Shows each component of the node and its state."));
    root.addSubcommand("slots", ask("Shows the slots: provider, generation, state, what is parked."));
    root.addSubcommand("tips", ask("Shows the tip of each sequencer."));
    root.addSubcommand("why", ask("Says what the node's components wait for."));
    root.addSubcommand("health", ask("Runs the node's health checks."));
    root.addSubcommand("config",
        ask("Shows or changes the node's configuration: config get [PID[.key]], config set PID.key=value"));
    root.addSubcommand("swap", new Swap());
    root.addSubcommand("rollback", new Rollback());
    root.addSubcommand("pin", withOptions("Keeps the provider that serves: pin SLOT; frees the slot: pin SLOT --off"));
    root.addSubcommand("upgrade",
        withOptions("Says what updates of bundles would stop, restart and seal: upgrade --plan"
            + " [BUNDLE...]; without one, a line for each bundle."));
    root.addSubcommand("slot", new SlotRecover());
    root.addSubcommand("gogo", gogo());
    root.addSubcommand("logs", new Logs());
    root.addSubcommand("vectors", new Vectors());
    root.addSubcommand("simulate", new Simulate());
    root.addSubcommand("soak", new Soak());
    root.addSubcommand("bench", new BenchCommand());
    root.addSubcommand("doctor", new Doctor());
    root.setParameterExceptionHandler((failure, words) -> refuse(failure));
    root.setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, command, parsed));
    return root;
  }

  private static CommandLine ask(String description) {
    CommandLine command = new CommandLine(new Ask());
    command.getCommandSpec().usageMessage().description(description);
    return command;
  }

  /// An option of it, such as `--off`, is a word for the node.
  private static CommandLine withOptions(String description) {
    return ask(description).setUnmatchedOptionsArePositionalParams(true);
  }

  /// From its first word on, the line belongs to the container, words that begin with `-` too.
  private static CommandLine gogo() {
    CommandLine command = ask("Runs a line in the container's shell, such as: gogo lb -s tenon");
    command.setStopAtPositional(true);
    command.getCommandSpec().usageMessage().customSynopsis("./tenon gogo [-h] [--verbose] [--data=DIR] LINE");
    return command;
  }

  private static int refuse(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    String message = String.valueOf(failure.getMessage()).replace('\n', ' ');
    command.getErr().println("tenon: " + message + "; '" + command.getCommandSpec().qualifiedName()
        + " --help' says what is accepted");
    return USAGE;
  }

  private static int fail(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    List<String> words = parsed.originalArgs();
    if (words.contains("--verbose")) failure.printStackTrace(command.getErr());
    command.getErr().println("tenon: " + Sentence.of(failure));
    return FAILED;
  }
}
