package dev.tenon.itests.house;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// A built bundle, read into memory.
///
/// @param name its symbolic name, as the folder says it
/// @param manifest the jar's
/// @param classes class files by path in the jar, without `module-info`
/// @param components the texts of OSGI-INF/*.xml by path
record Bundle(String name, Manifest manifest, Map<String, byte[]> classes, Map<String, String> components) {
  /// One clause of an OSGi header.
  ///
  /// @param name its path, without attributes
  /// @param attributes of it, directives too
  record Clause(String name, Map<String, String> attributes) {}

  /// @param root the checkout
  /// @return the folders below bundles/ that have a POM, in order of their names
  static List<Path> folders(Path root) {
    try (Stream<Path> list = Files.list(root.resolve("bundles"))) {
      return list.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param folder the bundle's
  /// @return its jar, if it is built
  static Optional<Path> jar(Path folder) {
    Path target = folder.resolve("target");
    if (!Files.isDirectory(target)) return Optional.empty();
    String name = folder.getFileName() + "-";
    try (Stream<Path> list = Files.list(target)) {
      return list.filter(file -> {
        String text = file.getFileName().toString();
        return text.startsWith(name) && text.endsWith(".jar") && Character.isDigit(text.charAt(name.length()));
      }).max(Path::compareTo);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param name what the folder is called
  /// @param file the jar
  /// @return its content
  static Bundle read(String name, Path file) {
    Map<String, byte[]> classes = new TreeMap<>();
    Map<String, String> components = new TreeMap<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      for (var entry : jar.stream().toList()) {
        String path = entry.getName();
        if (path.endsWith(".class") && !path.endsWith("module-info.class") && !path.startsWith("META-INF/")) {
          classes.put(path, bytes(jar, path));
        } else if (path.matches("OSGI-INF/[^/]+\\.xml")) {
          components.put(path, new String(bytes(jar, path), java.nio.charset.StandardCharsets.UTF_8));
        }
      }
      return new Bundle(name, jar.getManifest(), classes, components);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  private static byte[] bytes(JarFile jar, String path) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(path))) {
      return in.readAllBytes();
    }
  }

  /// @return the packages that have a class file here
  TreeSet<String> packages() {
    TreeSet<String> packages = new TreeSet<>();
    for (String path : classes.keySet()) {
      packages.add(path.contains("/") ? path.substring(0, path.lastIndexOf('/')).replace('/', '.') : "");
    }
    return packages;
  }

  /// @param header a manifest header of OSGi's clause syntax
  /// @return its clauses, one for each path; empty where the header is absent
  List<Clause> clauses(String header) {
    String value = manifest.getMainAttributes().getValue(header);
    List<Clause> clauses = new ArrayList<>();
    if (value == null) return clauses;
    for (String clause : split(value, ',')) {
      List<String> names = new ArrayList<>();
      Map<String, String> attributes = new LinkedHashMap<>();
      for (String part : split(clause, ';')) {
        int equals = part.indexOf('=');
        if (equals < 0) names.add(part.strip());
        else attributes.put(part.substring(0, equals).replace(":", "").strip(),
            part.substring(equals + 1).strip().replace("\"", ""));
      }
      names.forEach(each -> clauses.add(new Clause(each, attributes)));
    }
    return clauses;
  }

  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') quoted = !quoted;
      if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
