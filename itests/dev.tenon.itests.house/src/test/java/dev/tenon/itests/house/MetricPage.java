package dev.tenon.itests.house;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/// The series of a node as a table, made from the calls in the sources that register them. Name, help text and keys of
/// labels of each have to stand there as literals, or as arguments of a method of the same file; what cannot be read is
/// a finding, so that no series stays out of the page.
final class MetricPage {
  static final String START = "<!-- series: generated from the bundles' sources -->";
  static final String END = "<!-- series end -->";

  private static final Pattern REGISTERS = Pattern.compile("\\.\\s*(counter|gauge|histogram)\\(");
  private static final Pattern SENTENCE = Pattern.compile("[A-Z].*\\.");
  private static final int CALLERS_MAX = 4;

  private final TreeMap<String, Series> all = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /// One family of series.
  ///
  /// @param values of each label, those that the source names; none for a label whose values are found at run time
  private record Series(String kind, String help, List<String> labels, Map<String, TreeSet<String>> values,
      TreeSet<String> bundles) {}

  /// A call, and the method that it stands in; null for an initializer.
  private record Call(MethodInvocationTree tree, @Nullable MethodTree method) {}

  /// @param where how findings name the file
  /// @param bundle whose file it is
  void file(String where, String bundle, String text) {
    if (!REGISTERS.matcher(text).find()) return;
    CompilationUnitTree unit = TidyCheck.parse(text);
    List<Call> calls = calls(unit);
    for (Call call : calls) {
      if (call.tree().getMethodSelect() instanceof MemberSelectTree select && call.tree().getArguments().size() > 1
          && REGISTERS.matcher("." + select.getIdentifier() + "(").matches()
          && !passesOn(call, select.getIdentifier())) {
        for (Map<String, String> known : bindings(call.method(), calls, 0)) {
          register(where, bundle, select.getIdentifier().toString(), call.tree().getArguments(), known);
        }
      }
    }
  }

  /// Whether a call stands in a method of the same name whose own name of a series it hands on: one of a wrapper.
  private static boolean passesOn(Call call, Name kind) {
    MethodTree method = call.method();
    return method != null && method.getName().equals(kind) && !method.getParameters().isEmpty()
        && call.tree().getArguments().getFirst() instanceof IdentifierTree name
        && name.getName().equals(method.getParameters().getFirst().getName());
  }

  List<Finding> findings() {
    return findings;
  }

  /// @param page the page as it is
  /// @return the page as it should be
  String renew(String page) {
    int start = page.indexOf(START);
    int end = page.indexOf(END);
    if (start < 0 || end < start) throw new IllegalStateException("the page of metrics has lost its markers");
    return page.substring(0, start + START.length()) + draw() + page.substring(end);
  }

  String draw() {
    List<String> lines = new ArrayList<>(List.of("", "| series | type | unit | labels | bundle | meaning |",
        "|---|---|---|---|---|---|"));
    all.forEach((name, each) -> lines.add("| `" + name + "` | " + each.kind() + " | " + unit(name) + " | "
        + String.join(", ", each.labels().stream().map(label -> shown(label, each.values().get(label))).toList())
        + " | " + String.join(", ", each.bundles()) + " | " + each.help() + " |"));
    return String.join("\n", lines) + "\n";
  }

  private static String unit(String name) {
    String base = name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
    return base.endsWith("_seconds") ? "seconds" : base.endsWith("_bytes") ? "bytes" : "";
  }

  private static String shown(String label, @Nullable Set<String> values) {
    return "`" + label + "`"
        + (values == null || values.isEmpty() ? "" : " (" + String.join(", ", values) + ")");
  }

  private void register(String where, String bundle, String kind, List<? extends ExpressionTree> arguments,
      Map<String, String> known) {
    String name = value(arguments.get(0), known);
    String help = value(arguments.get(1), known);
    List<String> labels = new ArrayList<>();
    Map<String, TreeSet<String>> values = new TreeMap<>();
    boolean readable = name != null && help != null;
    for (int i = kind.equals("histogram") ? 3 : 2; i < arguments.size(); i += 2) {
      String label = value(arguments.get(i), known);
      readable &= label != null && i + 1 < arguments.size();
      if (readable && label != null) {
        labels.add(label);
        String value = value(arguments.get(i + 1), known);
        values.put(label, value == null ? new TreeSet<>() : new TreeSet<>(List.of(value)));
      }
    }
    if (!readable || name == null || help == null) {
      findings.add(new Finding(where, "metric", "a " + kind + " whose name, help text or labels cannot be read here"));
      return;
    }
    if (!SENTENCE.matcher(help).matches()) {
      findings.add(new Finding(where, "metric-help", name + ": '" + help + "' is no sentence"));
    }
    Series before = all.putIfAbsent(name, new Series(kind, help, labels, values, new TreeSet<>(List.of(bundle))));
    if (before != null) {
      if (!before.kind().equals(kind) || !before.help().equals(help) || !before.labels().equals(labels)) {
        findings.add(new Finding(where, "metric", name + " is another one elsewhere"));
      }
      before.bundles().add(bundle);
      before.values().forEach((label, some) -> some.addAll(values.getOrDefault(label, new TreeSet<>())));
    }
  }

  /// What the parameters of a method stand for, once for each call of it in the same file.
  private static List<Map<String, String>> bindings(@Nullable MethodTree method, List<Call> calls, int depth) {
    List<Map<String, String>> found = new ArrayList<>();
    if (method != null && depth < CALLERS_MAX) {
      for (Call call : calls) {
        List<? extends ExpressionTree> arguments = call.tree().getArguments();
        if (call.tree().getMethodSelect() instanceof IdentifierTree called && called.getName().equals(method.getName())
            && arguments.size() == method.getParameters().size()) {
          for (Map<String, String> outer : bindings(call.method(), calls, depth + 1)) {
            Map<String, String> inner = new HashMap<>();
            for (int i = 0; i < arguments.size(); i++) {
              String value = value(arguments.get(i), outer);
              if (value != null) inner.put(method.getParameters().get(i).getName().toString(), value);
            }
            found.add(inner);
          }
        }
      }
    }
    return found.isEmpty() ? List.of(Map.of()) : found;
  }

  /// @return null where it is found at run time
  private static @Nullable String value(ExpressionTree tree, Map<String, String> known) {
    return switch (tree) {
      case LiteralTree literal when literal.getValue() instanceof String text -> text;
      case IdentifierTree name -> known.get(name.getName().toString());
      case BinaryTree sum when sum.getKind() == Tree.Kind.PLUS -> {
        String left = value(sum.getLeftOperand(), known);
        String right = value(sum.getRightOperand(), known);
        yield left == null || right == null ? null : left + right;
      }
      default -> null;
    };
  }

  private static List<Call> calls(CompilationUnitTree unit) {
    List<Call> calls = new ArrayList<>();
    new TreePathScanner<@Nullable Void, @Nullable MethodTree>() {
      @Override
      public @Nullable Void visitMethod(MethodTree method, @Nullable MethodTree outer) {
        return super.visitMethod(method, method);
      }

      @Override
      public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable MethodTree method) {
        calls.add(new Call(call, method));
        return super.visitMethodInvocation(call, method);
      }
    }.scan(unit, null);
    return calls;
  }
}
