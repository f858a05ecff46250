package dev.tenon.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Whether a process of a soak does what it is for. What serves nobody loses nothing either, so that a history does not
/// show it. Each question waits until it is so, and fails where it does not become so in time.
final class SoakLife {
  private static final String ENTRY = "  ";
  private static final String OK = "OK ";
  private static final String WARN = "WARN ";

  private final SoakDoor node;
  /// Whether somebody forgets on purpose: then engines find that out, and are not well.
  private final boolean planted;

  SoakLife(SoakDoor node, boolean planted) {
    this.node = node;
    this.planted = planted;
  }

  /// After a start, whatever was killed before: all is well, every journal is read, every chain goes on.
  void started() throws IOException {
    awaitCertified();
    awaitWell();
    awaitOpen();
    awaitChains();
  }

  /// Under swaps, while no bundle is gone: everybody is served. A slot whose handovers failed may say so, and waits
  /// longer than this for its next.
  void works() throws IOException {
    if (!planted) node.await("all work", () -> works(node.ask("health")));
    awaitOpen();
  }

  /// At rest: all is well, every chain goes on, and every writer, which writes no more, has read its journal to the end
  /// and has an answer to all that it ever asked for in this process.
  void rests() throws IOException {
    awaitWell();
    awaitChains();
    node.ask("soak rest");
    node.await("what all writers have in their journals",
        () -> node.ask("soak rested").equals(Integer.toString(SoakNode.WRITERS)));
    node.await("an answer to all that writers asked for", () -> {
      String owed = node.ask("soak owed");
      if (!owed.isEmpty()) throw new IOException("owed are " + owed.replace("\n", ", "));
      return true;
    });
  }

  void awaitCertified() throws IOException {
    node.await("a certified chunk", () -> BenchNode.certified(node.ask("line")) > 0);
  }

  void awaitWell() throws IOException {
    if (!planted) node.await("health", () -> isWell(node.ask("health")));
  }

  private void awaitOpen() throws IOException {
    node.await("all writers have their journals open", () -> {
      List<String> open = node.ask("soak open").lines().toList();
      if (open.size() < SoakNode.WRITERS) throw new IOException("open are only " + String.join(", ", open));
      return true;
    });
  }

  private void awaitChains() throws IOException {
    if (planted) return;
    SoakChains[] known = {new SoakChains(Map.of())};
    node.await("all chains are known", () -> {
      SoakChains told = SoakChains.of(node.ask("tips"));
      if (told.chains() < SoakNode.CHAINS) {
        throw new IOException("of " + SoakNode.CHAINS + " chains engines know " + told.chains());
      }
      known[0] = told;
      return true;
    });
    SoakChains before = known[0];
    node.await("every chain goes on", () -> {
      List<String> still = SoakChains.of(node.ask("tips")).still(before);
      if (!still.isEmpty()) throw new IOException("no further certificate of " + String.join(", ", still));
      return true;
    });
  }

  private static Stream<String> checks(String health) {
    return health.lines().filter(line -> !line.startsWith(ENTRY));
  }

  /// @param health as a node tells it
  static boolean isWell(String health) {
    return !health.isEmpty() && checks(health).allMatch(line -> line.startsWith(OK));
  }

  /// @param health as a node tells it
  static boolean works(String health) {
    return !health.isEmpty() && checks(health).allMatch(line -> line.startsWith(OK) || line.startsWith(WARN));
  }
}
