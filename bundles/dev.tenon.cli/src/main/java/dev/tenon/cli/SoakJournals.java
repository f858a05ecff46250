package dev.tenon.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much the journals of one slot hold on disk, where they are in charge: what is kept of earlier handovers is not
/// in it. The writers prune what is old by their configuration, the engines below what is certified; so it is bounded,
/// and a swap of a soak copies about as much in its last minute as in its first.
final class SoakJournals {
  private static final Pattern COPIES = Pattern.compile("\\bcopies ([0-9]+\\.[0-9]) MiB\\b");

  private double mibMax;
  private int looks;

  /// Asks each slot what it would copy. One that is being handed over does not tell.
  void look(SoakNode node, SoakSwaps.Plan plan) throws IOException {
    for (int i = 0; i < SoakNode.NODES; i++) {
      String slot = SoakNode.slot(i, SoakCounts.Role.JOURNAL);
      Optional<String> to = plan.pair(SoakCounts.Role.JOURNAL).to(node.ask("swap " + slot));
      if (to.isPresent()) look(node, "swap " + slot + " " + to.get() + " --dry-run");
    }
  }

  private void look(SoakNode node, String line) throws IOException {
    try {
      add(node.ask(line));
    } catch (IOException e) {
      if (!node.isAlive()) throw e; // else it was refused, since a handover has begun meanwhile
    }
  }

  /// @param answer what a handover would be
  void add(String answer) {
    Matcher copies = COPIES.matcher(answer);
    if (!copies.find()) return;
    looks++;
    mibMax = Math.max(mibMax, Double.parseDouble(copies.group(1)));
  }

  /// @return a line of the report
  String told() {
    return looks == 0
        ? String.format("journals     not known%n")
        : String.format(Locale.ROOT, "journals     at most %.1f MiB a slot, looked at %d times%n", mibMax, looks);
  }
}
