package dev.tenon.handover;

import dev.tenon.runtime.status.HeightsKnown.Known;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What a node knows of the heights of chains beside what others of the process do, in words for the operator of one of
/// its slots. Pure.
final class KnownHeights {
  /// More lines than these nobody reads; those that matter come first.
  static final int LINES_MAX = 256;
  private static final Comparator<Long> UNSIGNED = Long::compareUnsigned;

  /// One chain.
  private static final class Chain {
    final String name;
    boolean own;
    /// The highest on the node; null where it tells of none.
    @Nullable
    Long here;
    /// The highest elsewhere.
    @Nullable
    Known elsewhere;

    Chain(String name) {
      this.name = name;
    }

    boolean isBehind() {
      Known other = elsewhere;
      return other != null && (here == null || Long.compareUnsigned(here, other.height()) < 0);
    }

    /// Those first that stand against signing, then those that still follow.
    int rank() {
      return isBehind() ? (own ? 0 : 1) : own ? 2 : 3;
    }

    String line() {
      Known other = elsewhere;
      String end = here == null ? "nothing" : Long.toUnsignedString(here);
      String text = "chain " + name + (own ? ", its own: " : ": ") + end + " here";
      return other == null ? text + ", told by nobody else"
          : text + ", " + Long.toUnsignedString(other.height()) + " known to " + other.node() + "/" + other.part()
              + (!isBehind() ? "" : own ? ": above what is here it has signed already" : ": it has not caught up");
    }
  }

  private final List<Chain> chains;

  /// @param node whose slot it is
  /// @param all told by every part of the process
  KnownHeights(String node, List<Known> all) {
    Map<String, Chain> byName = new TreeMap<>();
    for (Known known : all) {
      Chain chain = byName.computeIfAbsent(known.chain(), Chain::new);
      if (known.node().equals(node)) {
        chain.own |= known.own();
      }
      if (known.height() == -1) {
        continue;
      }
      Known other = chain.elsewhere;
      if (known.node().equals(node)) {
        Long here = chain.here;
        chain.here = here == null || UNSIGNED.compare(here, known.height()) < 0 ? Long.valueOf(known.height()) : here;
      } else if (other == null || UNSIGNED.compare(other.height(), known.height()) < 0) {
        chain.elsewhere = known;
      }
    }
    List<Chain> ordered = new ArrayList<>(byName.values());
    ordered.sort(Comparator.comparing(Chain::rank)); // of one rank by name
    chains = List.copyOf(ordered);
  }

  /// What an operator repeats once he was shown these: another where a chain of the node's own has come, is known
  /// higher elsewhere than here, or higher still; or where the slot's generation is another. Not where heights have
  /// only grown, since those of a network that works always do.
  ///
  /// @param question the slot and what is to be lifted
  /// @param generation the slot's
  String token(String question, long generation) {
    StringBuilder shown = new StringBuilder(question).append(' ').append(generation);
    chains.stream().filter(chain -> chain.own).sorted(Comparator.comparing(chain -> chain.name)).forEach(chain -> {
      Known other = chain.elsewhere;
      shown.append('\n').append(chain.name);
      if (other != null && chain.isBehind()) {
        shown.append(' ').append(chain.here).append(' ').append(other.height());
      }
    });
    var digest = new CRC32C();
    digest.update(shown.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) digest.getValue());
  }

  /// Whether a chain of the node's own is known to go on above what is here. Then the first line says so.
  boolean contradicts() {
    return chains.stream().anyMatch(chain -> chain.own && chain.isBehind());
  }

  /// In words: those first that tell against signing.
  List<String> lines() {
    if (chains.isEmpty()) {
      return List.of("heights: nothing that runs here tells of any");
    }
    List<String> lines = new ArrayList<>();
    chains.stream().limit(LINES_MAX).forEach(chain -> lines.add(chain.line()));
    if (chains.size() > LINES_MAX) {
      lines.add("and " + (chains.size() - LINES_MAX) + " more chains");
    }
    lines.add("these are the highest heights known in this process; compare ./tenon tips of other nodes");
    return lines;
  }
}
