package dev.tenon.shell;

import java.util.ArrayList;
import java.util.List;

/// What a command answers, as text for people and as JSON for machines.
sealed interface Answer {
  /// Some lines.
  record Lines(List<String> lines) implements Answer {
    /// Copies.
    public Lines {
      lines = List.copyOf(lines);
    }
  }

  /// Rows under columns.
  record Table(List<String> columns, List<List<String>> rows) implements Answer {
    /// Copies.
    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  /// The command is wrong or cannot be done; one line says why.
  record Refused(String why) implements Answer {
  }

  /// The command was done and found that something is not well.
  record Unwell(List<String> lines) implements Answer {
    /// Copies.
    public Unwell {
      lines = List.copyOf(lines);
    }
  }

  /// @return the answer as the control socket sends it: `ok`, `unwell` or `error …`, then the body's lines
  default String encoded(boolean json) {
    return switch (this) {
      case Lines(var lines) -> "ok\n" + body(lines, json);
      case Unwell(var lines) -> "unwell\n" + body(lines, json);
      case Table(var columns, var rows) -> "ok\n" + (json ? tableJson(columns, rows) : aligned(columns, rows));
      case Refused(var why) -> "error " + why.replace('\n', ' ') + "\n";
    };
  }

  private static String body(List<String> lines, boolean json) {
    if (!json) return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    return "[" + String.join(",", lines.stream().map(Answer::quoted).toList()) + "]\n";
  }

  private static String aligned(List<String> columns, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    all.add(columns);
    all.addAll(rows);
    int[] widths = new int[columns.size()];
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], row.get(i).length());
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String tableJson(List<String> columns, List<List<String>> rows) {
    List<String> objects = new ArrayList<>();
    for (List<String> row : rows) {
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) pairs.add(quoted(columns.get(i)) + ":" + quoted(row.get(i)));
      objects.add("{" + String.join(",", pairs) + "}");
    }
    return "[" + String.join(",", objects) + "]\n";
  }

  /// @return the text as a JSON string
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < ' ') quoted.append("\\u%04x".formatted((int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }
}
