package dev.tenon.itests.house;

import com.sun.source.tree.AssertTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Rules on source files: lengths, names, comments. The JDK's own parser reads them, nothing is compiled.
final class TidyCheck {
  static final int FILE_LINES_MAX = 800;
  static final int METHOD_LINES_MAX = 70;
  static final int COLUMNS_MAX = 120;

  private static final Pattern BAD_NAME =
      Pattern.compile("Abstract[A-Z].*|I[A-Z][a-z].*|.*(Impl|Manager|Helpers?|Utils?)");
  private static final Pattern BARE_TODO = Pattern.compile("\\b(TO" + "DO\\b(?!\\(#\\d+\\))|FIX" + "ME\\b)");
  private static final Pattern AUTHOR = Pattern.compile("^\\s*(///|\\*|/\\*\\*)\\s*@author\\b");

  private final List<Finding> findings = new ArrayList<>();

  /// @param where how findings name the file
  /// @param text its text
  /// @param exported whether its package is exported, so that each public member needs a comment
  List<Finding> file(String where, String text, boolean exported) {
    lines(where, text);
    JavacTask task = task(text);
    CompilationUnitTree unit = parse(task);
    DocTrees docs = DocTrees.instance(task);
    for (ImportTree each : unit.getImports()) {
      if (each.getQualifiedIdentifier().toString().endsWith(".*")) {
        find(where, line(unit, docs, each), "wildcard-import", each.getQualifiedIdentifier() + " hides what is used");
      }
    }
    new Members(where, unit, docs, exported).scan(unit, false);
    return findings;
  }

  /// @param packageInfo the text of a package-info.java, null where the folder has none
  List<Finding> packageInfo(String where, @Nullable String packageInfo, boolean main) {
    if (packageInfo == null) {
      if (main)
        findings.add(new Finding(where, "package-info", "has none; it says @NullMarked and what the package is for"));
      return findings;
    }
    if (!packageInfo.contains("@NullMarked")) {
      findings.add(new Finding(where, "package-info", "is not @NullMarked"));
    }
    if (isExported(packageInfo) && !packageInfo.contains("@Version(")) {
      findings.add(new Finding(where, "package-info", "is exported without @Version"));
    }
    if (isExported(packageInfo) && !packageInfo.contains("///")) {
      findings.add(new Finding(where, "package-info", "does not say in a /// comment what the package is for"));
    }
    return findings;
  }

  static boolean isExported(String packageInfo) {
    return Pattern.compile("(?m)^@Export\\b").matcher(packageInfo).find();
  }

  /// @param folder the bundle's
  List<Finding> readme(String where, Path folder) throws IOException {
    Path file = folder.resolve("README.md");
    int lines = Files.exists(file) ? Files.readAllLines(file).size() : 0;
    if (lines < 10 || lines > 40) {
      findings.add(new Finding(where + "/README.md", "readme", "has " + lines + " lines, 10 to 40 are wanted"));
    }
    return findings;
  }

  /// What a source says, without types.
  static CompilationUnitTree parse(String text) {
    return parse(task(text));
  }

  private static CompilationUnitTree parse(JavacTask task) {
    try {
      return task.parse().iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavacTask task(String text) {
    // Only parsed: --release would open the platform's signatures for each file, a tenth of a second.
    return (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, diagnostic -> {},
        List.of("-proc:none"), null, List.of(new Source(text)));
  }

  private void lines(String where, String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() > FILE_LINES_MAX) {
      find(where, 1, "file-length", lines.size() + " lines, at most " + FILE_LINES_MAX);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int columns = line.codePointCount(0, line.length());
      if (columns > COLUMNS_MAX) find(where, i + 1, "line-length", columns + " columns, at most " + COLUMNS_MAX);
      if (BARE_TODO.matcher(line).find()) find(where, i + 1, "todo", "names no issue: TODO(#123)");
      if (AUTHOR.matcher(line).find()) find(where, i + 1, "author", "no author tags");
    }
  }

  private void find(String where, long line, String rule, String text) {
    findings.add(new Finding(where + ":" + line, rule, text));
  }

  private static long line(CompilationUnitTree unit, DocTrees docs, Tree tree) {
    return unit.getLineMap().getLineNumber(docs.getSourcePositions().getStartPosition(unit, tree));
  }

  /// One source text, as the compiler wants it.
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /// Walks the declarations. The argument says whether the enclosing type's members are visible without a modifier.
  private final class Members extends TreePathScanner<@Nullable Void, Boolean> {
    private final String where;
    private final CompilationUnitTree unit;
    private final DocTrees docs;
    private final boolean exported;

    Members(String where, CompilationUnitTree unit, DocTrees docs, boolean exported) {
      this.where = where;
      this.unit = unit;
      this.docs = docs;
      this.exported = exported;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, Boolean implicit) {
      if (BAD_NAME.matcher(type.getSimpleName()).matches()) {
        find(where, line(unit, docs, type), "type-name", type.getSimpleName() + " does not say its job");
      }
      boolean outer = getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
      boolean seen = visible(type.getModifiers().getFlags(), implicit) && (outer || insideVisible());
      if (seen) comment(type.getSimpleName(), type);
      boolean open = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
      return super.visitClass(type, open);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, Boolean implicit) {
      SourcePositions positions = docs.getSourcePositions();
      long first = line(unit, docs, method);
      long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
      if (last - first + 1 > METHOD_LINES_MAX) {
        find(where, first, "method-length",
            method.getName() + " has " + (last - first + 1) + " lines, at most " + METHOD_LINES_MAX);
      }
      boolean overrides = method.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      // A parsed record has no constructor that the source does not show.
      boolean constructor = method.getName().contentEquals("<init>");
      boolean ofRecord = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
      if (visible(method.getModifiers().getFlags(), implicit) && insideVisible() && !overrides
          && !(constructor && ofRecord)) {
        comment(method.getName(), method);
      }
      return super.visitMethod(method, false);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree field, Boolean implicit) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      boolean member = parent instanceof ClassTree type && !isComponent(type, field);
      if (member && visible(field.getModifiers().getFlags(), implicit) && insideVisible())
        comment(field.getName(), field);
      return super.visitVariable(field, false);
    }

    @Override
    public @Nullable Void visitAssert(AssertTree node, Boolean implicit) {
      find(where, line(unit, docs, node), "assert", "use Check.that, which is always on");
      return super.visitAssert(node, implicit);
    }

    private static boolean isComponent(ClassTree type, VariableTree field) {
      return type.getKind() == Tree.Kind.RECORD && !field.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private boolean insideVisible() {
      boolean open = false;
      for (Tree tree : getCurrentPath().getParentPath()) {
        if (!(tree instanceof ClassTree type)) continue;
        open = true;
        Tree around = parentOf(type);
        boolean inInterface = around instanceof ClassTree outer && outer.getKind() == Tree.Kind.INTERFACE;
        if (!visible(type.getModifiers().getFlags(), inInterface)) return false;
      }
      return open;
    }

    private @Nullable Tree parentOf(ClassTree type) {
      boolean found = false;
      for (Tree tree : getCurrentPath()) {
        if (found) return tree;
        found = tree == type;
      }
      return null;
    }

    private static boolean visible(java.util.Set<Modifier> flags, boolean implicit) {
      if (flags.contains(Modifier.PRIVATE)) return false;
      return implicit || flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private void comment(Name name, Tree tree) {
      if (exported && docs.getDocComment(getCurrentPath()) == null) {
        String called = name.contentEquals("<init>") ? "the constructor" : name.toString();
        find(where, line(unit, docs, tree), "comment-missing",
            called + " is public in an exported package without a /// comment");
      }
    }
  }
}
