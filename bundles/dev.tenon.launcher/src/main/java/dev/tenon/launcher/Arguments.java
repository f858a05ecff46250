package dev.tenon.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// What `./tenon run` was called with.
///
/// A profile may bring options of its own in `options.properties` of its folder: `rate = PID.key ; N ; sentence` makes
/// `--rate N` the same as `--set PID.key=N`. Operand `N` is a whole number from 0 on, `DIR` a folder that is there.
///
/// @param profile the profile's name
/// @param data the data folder, absolute
/// @param seconds how long to run, 0 for ever
/// @param files files of configuration, in order
/// @param settings `PID.key=value`, in order
/// @param help whether only to explain
record Arguments(String profile, Path data, int seconds, List<Path> files, List<String> settings, boolean help) {
  static final String PROFILE_DEFAULT = "devnet";
  private static final int SECONDS_MAX = 31_536_000;

  Arguments {
    files = List.copyOf(files);
    settings = List.copyOf(settings);
  }

  static Arguments parse(List<String> words, Path home) throws UsageException, IOException {
    String profile = PROFILE_DEFAULT;
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).equals("--profile")) profile = words.get(i + 1);
    }
    Map<String, Option> own = options(home.resolve("features"), profile);
    Path data = home.resolve("data");
    int seconds = 0;
    List<Path> files = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    boolean help = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      if (name.equals("--help") || name.equals("-h")) {
        help = true;
        continue;
      }
      Option option = own.get(name);
      if (option == null && !List.of("--profile", "--data", "--for", "--config", "--set").contains(name)) {
        throw new UsageException("unknown option '" + word + "'; './tenon run --help' lists all");
      }
      if (equals < 0 && i + 1 == words.size()) throw new UsageException(name + " needs a value");
      String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
      switch (name) {
        case "--profile" -> profile = value;
        case "--data" -> data = Path.of(value);
        case "--for" -> seconds = seconds(value);
        case "--config" -> files.add(file(value));
        case "--set" -> settings.add(setting(value));
        default -> {
          if (option != null) settings.add(option.key() + "=" + own(name, option, value));
        }
      }
    }
    return new Arguments(profile, folder(data), seconds, files, settings, help);
  }

  /// @return the text of `--help`
  static String help(Path home) throws IOException {
    StringBuilder text = new StringBuilder("""
        usage: ./tenon run [option]...
        Starts a node in the foreground; Ctrl-C stops it.
          --profile NAME        which bundles; one of: %s (default: %s)
          --data DIR            the data folder, kept for the next start (default: data)
          --for SECONDS         run that long, print a summary, exit 0 only if healthy
          --config FILE         configuration in the OSGi Configurator's JSON format; may be repeated
          --set PID.key=value   one value of configuration, as JSON or plain text; may be repeated
          --help                print this
        """.formatted(String.join(", ", Profile.names(home.resolve("features"))), PROFILE_DEFAULT));
    for (String profile : Profile.names(home.resolve("features"))) {
      Map<String, Option> own = options(home.resolve("features"), profile);
      if (!own.isEmpty()) text.append("With --profile ").append(profile).append(":\n");
      own.forEach((name, option) -> text
          .append("  %-21s %s%n".formatted(name + " " + option.operand(), option.help())));
    }
    return text.toString();
  }

  private record Option(String key, String operand, String help) {
  }

  private static Map<String, Option> options(Path features, String profile) throws IOException {
    Map<String, Option> options = new TreeMap<>();
    Path file = features.resolve(profile).resolve("options.properties");
    if (!profile.matches("[a-z][a-z0-9-]*") || !Files.isRegularFile(file)) return options;
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    for (String name : properties.stringPropertyNames()) {
      String[] parts = properties.getProperty(name).split("\\s*;\\s*", 3);
      options.put("--" + name, new Option(parts[0], parts[1], parts[2]));
    }
    return options;
  }

  /// Refuses what no bundle could use before anything is started.
  private static String own(String name, Option option, String value) throws UsageException {
    switch (option.operand()) {
      case "N" -> {
        if (!value.matches("[0-9]{1,9}")) {
          throw new UsageException(name + " '" + value + "': a whole number from 0 to 999999999");
        }
      }
      case "DIR" -> {
        if (!Files.isDirectory(Path.of(value)) || !Files.isReadable(Path.of(value))) {
          throw new UsageException(name + " '" + value + "': no such folder, or not readable");
        }
      }
      default -> {
      }
    }
    return value;
  }

  private static int seconds(String value) throws UsageException {
    if (value.matches("[0-9]{1,8}")) {
      int seconds = Integer.parseInt(value);
      if (seconds >= 1 && seconds <= SECONDS_MAX) return seconds;
    }
    throw new UsageException("--for '" + value + "': a whole number of seconds from 1 to " + SECONDS_MAX);
  }

  private static Path file(String value) throws UsageException {
    Path file = Path.of(value);
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException("--config '" + value + "': no such file, or not readable");
    }
    return file;
  }

  private static String setting(String value) throws UsageException {
    if (value.matches("[A-Za-z0-9_~.-]+\\.[A-Za-z0-9_]+=(?s:.*)")) return value;
    throw new UsageException("--set '" + value + "': give PID.key=value, such as dev.tenon.shell.metricsPort=9464");
  }

  private static Path folder(Path data) throws UsageException {
    Path folder = data.toAbsolutePath().normalize();
    int bytes = DataPath.bytes(folder);
    if (bytes > DataPath.BYTES_MAX) {
      throw new UsageException("--data '" + data + "': the path has " + bytes + " bytes, at most "
          + DataPath.BYTES_MAX + " leave room for the control socket");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException("--data '" + data + "' is not a folder");
    }
    return folder;
  }
}
