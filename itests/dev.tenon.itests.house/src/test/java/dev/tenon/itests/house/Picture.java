package dev.tenon.itests.house;

import dev.tenon.itests.house.Layers.Layer;
import java.util.ArrayList;
import java.util.List;

/// The layers as text, for docs/architecture.md.
final class Picture {
  static final String FILE = "docs/architecture.md";
  static final String START = "<!-- layers: generated from cnf/layers.txt -->";
  static final String END = "<!-- layers end -->";

  private static final int WIDTH = 100;

  private Picture() {}

  /// @param layers what to draw
  /// @return the block between the markers
  static String draw(Layers layers) {
    StringBuilder out = new StringBuilder("\n```\n");
    for (Layer layer : List.of(Layer.values()).reversed()) {
      String label = (layer == Layer.TOOL ? "  " : layer.name()) + "  " + layer.title;
      String line = " " + label + " ".repeat(Math.max(1, 32 - label.length()));
      String indent = " ".repeat(line.length());
      for (Layers.Room room : layers.rooms()) {
        if (room.layer() != layer) continue;
        String text = room.name().substring(Layers.PREFIX.length());
        if (line.length() + text.length() + 2 > WIDTH) {
          out.append(line.stripTrailing()).append('\n');
          line = indent;
        }
        line += text + "  ";
      }
      out.append(line.stripTrailing()).append('\n');
      if (layer != Layer.L0) out.append(" ").append("-".repeat(WIDTH - 1)).append('\n');
    }
    out.append("```\n\nInside a layer, and beyond its rules:\n\n");
    out.append(String.join("\n", grants(layers))).append("\n\n");
    return out.toString();
  }

  private static List<String> grants(Layers layers) {
    List<String> lines = new ArrayList<>();
    for (Layers.Room room : layers.rooms()) {
      for (Layers.Grant grant : room.grants()) {
        lines.add(
            "* `" + room.name().substring(Layers.PREFIX.length()) + "` " + grant.kind() + " `" + grant.value() + "`: "
                + grant.reason());
      }
    }
    return lines;
  }

  /// @param page the page as it is
  /// @param layers what to draw
  /// @return the page as it should be
  static String renew(String page, Layers layers) {
    int start = page.indexOf(START);
    int end = page.indexOf(END);
    if (start < 0 || end < start) throw new IllegalStateException(FILE + " has lost its markers");
    return page.substring(0, start + START.length()) + "\n" + draw(layers) + page.substring(end);
  }
}
