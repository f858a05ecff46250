package dev.tenon.cli;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Swaps a slot so that some items more are copied behind its fence than a round leaves: they are written while the
/// standby is held at the end of the round after which the fence comes. A round is that only where little was carried
/// by it and little came meanwhile; after any other the next round would carry them while the slot serves.
final class TailSwap {
  /// Rounds end there, as `tailItemsMax` of the slot says.
  private static final int ROUND_ITEMS_MAX = 64;
  private static final int HOLD_SECONDS_MAX = 60;
  /// So many in a row whose tail was not as wanted, and the machine is not one on which it can be measured.
  private static final int SWAPS_MAX = 20;
  /// The other writers do not rest while the items are written.
  private static final double TAIL_FACTOR_MAX = 1.5;
  private static final Pattern ROUND =
      Pattern.compile("^working: PREPARING, \\S+ VERIFYING, (\\d+) items \\([0-9.]+ MiB\\) copied, (\\d+) left");
  private static final Pattern GENERATION = Pattern.compile("^done: \\S+ serves, generation (\\d+)");

  /// The node whose slot is swapped.
  interface Subject {
    /// Begins a swap.
    ///
    /// @return to whom
    String begin() throws IOException;

    /// @return what the slot tells of its handover
    String told() throws IOException;

    /// @return the pause of the swap that was begun, in ms, once it has ended
    double pause(String to) throws IOException;

    /// @param line a command
    /// @return the node's answer
    String ask(String line) throws IOException;

    /// @return what the node has logged
    String log() throws IOException;
  }

  /// One swap.
  ///
  /// @param ms its pause
  /// @param tailItems how many items were copied behind its fence
  record Pause(double ms, long tailItems) {}

  private final Subject node;
  private final String slot;
  private final String journal;
  private int dropped;

  /// @param journal gets the items
  TailSwap(Subject node, String slot, String journal) {
    this.node = node;
    this.slot = slot;
    this.journal = journal;
  }

  /// @return one whose tail was about as long as wanted: what the slot itself counted
  /// @throws IOException where none of many was
  Pause swap(int items) throws IOException {
    long last = 0;
    for (int i = 0; i < SWAPS_MAX; i++) {
      Pause pause = attempt(items);
      if (pause.tailItems() >= items && pause.tailItems() <= items * TAIL_FACTOR_MAX) return pause;
      dropped++;
      last = pause.tailItems();
    }
    throw new IOException("none of " + SWAPS_MAX + " swaps copied about " + items + " items behind its fence, the last "
        + last);
  }

  /// @return how many swaps were none of those that were wanted
  int dropped() {
    return dropped;
  }

  private Pause attempt(int items) throws IOException {
    node.ask("soak hold verify end");
    String to = node.begin();
    long before = 0;
    boolean last = false;
    while (!last && isHeld(to)) {
      Matcher round = ROUND.matcher(node.told());
      if (!round.find()) break; // this is behind the fence already: it came between two holds
      long copied = Long.parseLong(round.group(1));
      long carried = copied < before ? copied : copied - before; // less than before: it has begun anew
      before = copied;
      last = Math.max(carried, Long.parseLong(round.group(2))) <= ROUND_ITEMS_MAX;
      if (last) {
        node.ask("soak burst " + journal + " " + items);
        SwapBenchNode.await("the burst is acknowledged", HOLD_SECONDS_MAX,
            () -> node.ask("soak filled").equals("true"));
      } else {
        node.ask("soak go");
        node.ask("soak hold verify end");
      }
    }
    node.ask("soak go");
    double ms = node.pause(to);
    return new Pause(ms, tailItems());
  }

  /// @return false where the swap has ended without
  private boolean isHeld(String to) throws IOException {
    boolean[] held = {false};
    SwapBenchNode.await("the standby is held", SwapBenchNode.SWAP_SECONDS_MAX, () -> {
      held[0] = node.ask("soak held").equals("true");
      return held[0] || node.told().startsWith("done: " + to);
    });
    return held[0];
  }

  /// Of the line that the last handover left in the log.
  private long tailItems() throws IOException {
    Matcher generation = GENERATION.matcher(node.told());
    if (!generation.find()) throw new IOException("the swap was undone: " + node.told());
    Pattern line = Pattern.compile("slot handed over to .* slot=\"" + Pattern.quote(slot) + "\" generation=\""
        + generation.group(1) + "\" .*tailItems=\"(\\d+)\"");
    long[] items = {0};
    SwapBenchNode.await("the handover is in the log", HOLD_SECONDS_MAX, () -> {
      Matcher told = line.matcher(node.log());
      boolean found = told.find();
      if (found) items[0] = Long.parseLong(told.group(1));
      return found;
    });
    return items[0];
  }
}
