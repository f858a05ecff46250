package dev.tenon.itests.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A running devnet seen through its shell.
public final class Devnet {
  /// The bundle of the provider that all its journal slots have.
  public static final String PROVIDER = "dev.tenon.journal.segmented";
  /// How long anything is awaited.
  public static final int SECONDS_MAX = 60;
  private static final int NODES = 4;
  private static final Pattern CERTIFIED = Pattern.compile("chunks/s, (\\d+) in all");

  private final UnaryOperator<String> ask;

  /// @param ask gives a command's line to the shell
  public Devnet(UnaryOperator<String> ask) {
    this.ask = ask;
  }

  /// @param line a command
  /// @return the answer
  public String ask(String line) {
    return ask.apply(line);
  }

  /// Waits until all is well. Results of health checks are cached for two seconds.
  public void awaitHealthy() {
    await("healthy", "health", () -> ask("health").startsWith("ok"));
  }

  /// Waits until as many chunks were certified in all.
  ///
  /// @param count chunks
  public void awaitCertified(long count) {
    await(count + " certified chunks", "line", () -> certified() >= count);
  }

  /// Waits for more.
  ///
  /// @param more chunks
  public void awaitMore(long more) {
    awaitCertified(certified() + more);
  }

  /// @return how many chunks this process has certified
  public long certified() {
    Matcher line = CERTIFIED.matcher(ask("line"));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  /// Waits until each journal slot is so.
  ///
  /// @param generation the slots'
  /// @param state the slots'
  public void awaitSlots(long generation, String state) {
    await("slots " + state + " at generation " + generation, "slots", () -> rows("slots")
        .filter(row -> row.get(2).equals(Long.toString(generation)) && row.get(3).equals(state)).count() == NODES);
  }

  /// @return the generation of the first slot
  public long generation() {
    return rows("slots").map(row -> Long.parseLong(row.get(2))).findFirst().orElseThrow();
  }

  /// @return the lowest tip that any engine knows
  public long lowestTip() {
    return column("tips", 4).mapToLong(Long::parseLong).min().orElseThrow();
  }

  /// Waits until each engine is in an epoch.
  ///
  /// @param epoch which
  public void awaitEpoch(long epoch) {
    await("epoch " + epoch, "tips",
        () -> column("tips", 2).findAny().isPresent() && column("tips", 2).allMatch(Long.toString(epoch)::equals));
  }

  /// Waits until each scheme slot is so.
  ///
  /// @param generation the slots'
  /// @param provider the slots'
  public void awaitSchemes(long generation, String provider) {
    await("schemes of " + provider + " at generation " + generation, "slots",
        () -> table("slots").filter(row -> row.getFirst().contains("/scheme/"))
            .filter(row -> row.get(1).startsWith(provider + "@") && row.get(2).equals(Long.toString(generation))
                && row.get(3).equals("ACTIVE"))
            .count() == NODES);
  }

  /// Waits until each scheme slot is served anew.
  ///
  /// @param generation the highest one of before
  public void awaitSchemesAfter(long generation) {
    await("schemes after generation " + generation, "slots",
        () -> table("slots").filter(row -> row.getFirst().contains("/scheme/"))
            .filter(row -> Long.parseLong(row.get(2)) > generation && row.get(3).equals("ACTIVE")).count() == NODES);
  }

  /// @return the highest generation of a scheme slot
  public long schemeGeneration() {
    return table("slots").filter(row -> row.getFirst().contains("/scheme/"))
        .mapToLong(row -> Long.parseLong(row.get(2)))
        .max().orElseThrow();
  }

  /// @param table a table's command; of `slots` only those of journals
  /// @param index of the column
  /// @return its values
  public Stream<String> column(String table, int index) {
    return rows(table).map(row -> row.get(index));
  }

  /// @param symbolicName a bundle's
  /// @return its number
  public String bundleId(String symbolicName) {
    String line = ask("gogo lb -s " + symbolicName).lines().filter(row -> row.contains(symbolicName)).findFirst()
        .orElseThrow();
    return line.substring(0, line.indexOf('|')).strip();
  }

  /// @return the provider's jar, as the build made it
  /// @throws IOException if the folder of all jars cannot be read
  public static Path jar() throws IOException {
    return jar(PROVIDER);
  }

  /// @param symbolicName a bundle's
  /// @return its jar, as the build made it
  /// @throws IOException if the folder of all jars cannot be read
  public static Path jar(String symbolicName) throws IOException {
    try (Stream<Path> jars = Files.list(Node.home().resolve("features/target/bundles"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(symbolicName)).findFirst().orElseThrow();
    }
  }

  /// @param provider how its label begins
  /// @return whether one row of `slots` says so
  public boolean isIn(String slot, String state, String provider) {
    List<String> row = slot(slot);
    return row.contains(state) && row.get(1).startsWith(provider);
  }

  /// @param name a slot's, whole
  /// @return its row of `slots`, by columns; empty where there is none
  public List<String> slot(String name) {
    return table("slots").filter(row -> row.getFirst().equals(name)).findFirst().orElse(List.of());
  }

  /// @param location of a slot, as a folder
  /// @return its owner file, `owner` in hex
  public static Path ownerFile(Path location) {
    return location.resolve("_tenon/6f776e6572");
  }

  private Stream<List<String>> rows(String table) {
    return table(table).filter(row -> !table.equals("slots") || row.getFirst().contains("/journal/"));
  }

  /// A table's rows without its head, cut at two or more spaces.
  private Stream<List<String>> table(String table) {
    return ask(table).lines().skip(2).map(line -> List.of(line.split("\\s{2,}")));
  }

  private void await(String what, String shown, BooleanSupplier condition) {
    try {
      Await.until(what, SECONDS_MAX, condition);
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "; " + shown + ": " + ask(shown), late);
    }
  }
}
