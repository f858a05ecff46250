package dev.tenon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The chains as the engines see them.
///
/// @param certified by node, engine and sequencer: the highest height of which the engine knows a certificate, or -1
record SoakChains(Map<String, Long> certified) {
  private static final String NONE = "none";
  private static final List<String> COLUMNS = List.of("node", "engine", "sequencer", "certified");

  /// @param table `tips` of a node
  /// @throws IllegalArgumentException if it is none
  static SoakChains of(String table) {
    List<String> lines = table.lines().toList();
    List<String> head = lines.isEmpty() ? List.of() : words(lines.getFirst());
    if (!head.containsAll(COLUMNS)) throw new IllegalArgumentException("no table of tips: " + table);
    Map<String, Long> certified = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> row = words(line);
      String height = row.get(head.indexOf("certified"));
      certified.put(
          row.get(head.indexOf("node")) + "/" + row.get(head.indexOf("engine")) + " "
              + row.get(head.indexOf("sequencer")),
          height.equals(NONE) ? -1 : Long.parseLong(height));
    }
    return new SoakChains(certified);
  }

  /// @return of how many sequencers somebody knows
  long chains() {
    return certified.keySet().stream().map(chain -> chain.substring(chain.indexOf(' ') + 1)).distinct().count();
  }

  /// @return of which chains engines have heard of no further certificate, though they knew them before
  List<String> still(SoakChains before) {
    List<String> still = new ArrayList<>();
    before.certified.forEach((chain, height) -> {
      if (certified.getOrDefault(chain, -1L) <= height) still.add(chain);
    });
    return still;
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split("\\s+"));
  }
}
