package dev.tenon.cli;

import picocli.CommandLine.Option;

/// The options that every command has.
final class Common {
  @Option(names = {"-h", "--help"}, usageHelp = true, description = "print this")
  boolean help;

  @Option(names = "--verbose", description = "show where a failure came from")
  boolean verbose;
}
