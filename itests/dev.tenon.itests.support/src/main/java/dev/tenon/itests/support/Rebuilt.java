package dev.tenon.itests.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// A bundle's jar as another build would give it.
public final class Rebuilt {
  private static final Attributes.Name COMPONENTS = new Attributes.Name("Service-Component");

  private Rebuilt() {
  }

  /// Copies a jar under another version.
  ///
  /// @param jar what was built
  /// @param version the copy's
  /// @param copy where it goes
  /// @throws IOException if it cannot be written
  public static void copy(Path jar, String version, Path copy) throws IOException {
    copy(jar, new Attributes.Name("Bundle-Version"), version, copy);
  }

  /// Copies a jar under another name, without its components.
  ///
  /// @param jar what was built
  /// @param symbolicName the copy's
  /// @param copy where it goes
  /// @throws IOException if it cannot be written
  public static void copyAs(Path jar, String symbolicName, Path copy) throws IOException {
    copy(jar, new Attributes.Name("Bundle-SymbolicName"), symbolicName, copy);
  }

  private static void copy(Path jar, Attributes.Name header, String value, Path copy) throws IOException {
    Path draft = Files.createTempFile("tenon-rebuilt-", ".jar");
    try (JarFile from = new JarFile(jar.toFile())) {
      Manifest manifest = new Manifest(from.getManifest());
      manifest.getMainAttributes().put(header, value);
      if (header.toString().equals("Bundle-SymbolicName")) manifest.getMainAttributes().remove(COMPONENTS);
      try (OutputStream file = Files.newOutputStream(draft);
          JarOutputStream to = new JarOutputStream(file, manifest)) {
        for (JarEntry entry : from.stream().toList()) {
          if (entry.getName().equals(JarFile.MANIFEST_NAME)) continue;
          to.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream content = from.getInputStream(entry)) {
            content.transferTo(to);
          }
          to.closeEntry();
        }
      }
      Files.copy(draft, copy, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
