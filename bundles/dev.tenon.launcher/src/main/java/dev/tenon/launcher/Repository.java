package dev.tenon.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.ArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Version;

/// The folder of jars from which profiles take their bundles; the build fills it.
public final class Repository {
  private final Map<String, List<Jar>> jars;

  /// A bundle's jar.
  ///
  /// @param file where it lies
  /// @param symbolicName its symbolic name
  /// @param version its version
  /// @param fragment whether it only extends another bundle and cannot be started
  public record Jar(Path file, String symbolicName, Version version, boolean fragment) {
    /// @return what changes when the jar was built again
    /// @throws IOException if it cannot be read
    String stamp() throws IOException {
      return Files.size(file) + "@" + Files.getLastModifiedTime(file).toMillis();
    }
  }

  private Repository(Map<String, List<Jar>> jars) {
    this.jars = jars;
  }

  /// Reads the manifest of every jar in a folder.
  ///
  /// @param folder where the jars lie
  /// @return the repository
  /// @throws IOException if the folder cannot be read
  public static Repository read(Path folder) throws IOException {
    Map<String, List<Jar>> jars = new TreeMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jar")).sorted().toList()) {
        try (JarFile jar = new JarFile(file.toFile())) {
          Manifest manifest = jar.getManifest();
          if (manifest == null) continue;
          Attributes headers = manifest.getMainAttributes();
          String name = headers.getValue("Bundle-SymbolicName");
          if (name == null) continue;
          String symbolicName = name.split(";", 2)[0].strip();
          String version = headers.getValue("Bundle-Version");
          boolean fragment = headers.getValue("Fragment-Host") != null;
          jars.computeIfAbsent(symbolicName, key -> new ArrayList<>())
              .add(new Jar(file, symbolicName, Version.parseVersion(version), fragment));
        }
      }
    }
    return new Repository(jars);
  }

  /// @param entry what a profile asks for
  /// @return the newest jar in its range
  /// @throws UsageException if there is none
  public Jar find(Profile.Entry entry) throws UsageException {
    return jars.getOrDefault(entry.symbolicName(), List.of()).stream()
        .filter(jar -> entry.range().includes(jar.version())).max(Comparator.comparing(Jar::version))
        .orElseThrow(() -> new UsageException("no bundle " + entry.symbolicName() + " " + entry.range()
            + " was built; build again with './tenon test' or Maven"));
  }
}
