package dev.tenon.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.VersionRange;

/// A profile as its run descriptor tells it: which bundles, and at which start level.
///
/// The descriptor is bnd's; only `-runbundles` is read, which bnd resolved at build time, `configuration`, a profile's
/// files where it is not only `configuration.json` of its folder, and of the file that all descriptors include
/// `start-levels` and `-runsystempackages`.
///
/// @param name the profile's name
/// @param folder its folder below `features`
/// @param configuration files with its configuration, the later ones above the earlier
/// @param systemPackages what the framework exports of the launcher's class path, as in OSGi's header
/// @param entries its bundles, in the descriptor's order
public record Profile(String name, Path folder, List<Path> configuration, String systemPackages, List<Entry> entries) {
  private static final Pattern CLAUSE = Pattern.compile("\\s*([\\w.-]+)\\s*;\\s*version='([^']*)'\\s*(?:,|$)");

  /// One bundle of a profile.
  ///
  /// @param symbolicName its symbolic name
  /// @param range which versions of it
  /// @param startLevel when it starts
  public record Entry(String symbolicName, VersionRange range, int startLevel) {
  }

  /// Copies the lists.
  public Profile {
    configuration = List.copyOf(configuration);
    entries = List.copyOf(entries);
  }

  /// Reads a profile.
  ///
  /// @param features the folder of all profiles
  /// @param name the profile's name
  /// @return the profile
  /// @throws UsageException if there is none of this name
  /// @throws IOException if its files cannot be read
  public static Profile read(Path features, String name) throws UsageException, IOException {
    Path folder = features.resolve(name);
    Path descriptor = folder.resolve(name + ".bndrun");
    if (!name.matches("[a-z][a-z0-9-]*") || !Files.isRegularFile(descriptor)) {
      throw new UsageException("unknown profile '" + name + "'; known: " + String.join(", ", names(features)));
    }
    Properties common = load(features.resolve("common.bnd"));
    List<Level> levels = levels(common.getProperty("start-levels", ""));
    List<Entry> entries = new ArrayList<>();
    Properties own = load(descriptor);
    Matcher clauses = CLAUSE.matcher(own.getProperty("-runbundles", ""));
    while (clauses.find()) {
      String bundle = clauses.group(1);
      entries.add(new Entry(bundle, new VersionRange(clauses.group(2)), levelOf(bundle, levels)));
    }
    return new Profile(name, folder, configuration(folder, own.getProperty("configuration", "")),
        common.getProperty("-runsystempackages", ""), entries);
  }

  private static List<Path> configuration(Path folder, String files) {
    if (!files.isBlank()) {
      return Arrays.stream(files.strip().split("\\s*,\\s*")).map(file -> folder.resolve(file).normalize()).toList();
    }
    Path only = folder.resolve("configuration.json");
    return Files.isRegularFile(only) ? List.of(only) : List.of();
  }

  /// @param features the folder of all profiles
  /// @return the names of all profiles, sorted
  /// @throws IOException if the folder cannot be read
  public static List<String> names(Path features) throws IOException {
    if (!Files.isDirectory(features)) return List.of();
    try (var folders = Files.list(features)) {
      return folders.filter(folder -> Files.isRegularFile(folder.resolve(folder.getFileName() + ".bndrun")))
          .map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  private record Level(Pattern names, int level) {
  }

  private static List<Level> levels(String text) {
    return Arrays.stream(text.split("\\s*,\\s*")).filter(rule -> !rule.isBlank()).map(rule -> {
      int equals = rule.indexOf('=');
      String glob = rule.substring(0, equals).strip();
      Pattern names = Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
      return new Level(names, Integer.parseInt(rule.substring(equals + 1).strip()));
    }).toList();
  }

  private static int levelOf(String bundle, List<Level> levels) {
    for (Level rule : levels) {
      if (rule.names().matcher(bundle).matches()) return rule.level();
    }
    return 1;
  }

  private static Properties load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}
