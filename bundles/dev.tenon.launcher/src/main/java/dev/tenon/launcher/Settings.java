package dev.tenon.launcher;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.felix.cm.json.io.ConfigurationReader;
import org.apache.felix.cm.json.io.Configurations;
import org.glassfish.json.JsonProviderImpl;

/// The node's configuration as one document in the OSGi Configurator's format: the profile's, what was changed live,
/// then each file, then each single setting; a later key wins. `${data}` in a string becomes the data folder.
public final class Settings {
  /// No file of configuration is larger.
  public static final long FILE_BYTES_MAX = 4 << 20;
  // Made by hand: asking for it by service would open each jar of the class path.
  private final JsonProvider json = new JsonProviderImpl();
  private final Map<String, Map<String, JsonValue>> byPid = new TreeMap<>();
  private final Path data;

  /// @param data the data folder
  public Settings(Path data) {
    this.data = data;
  }

  /// Adds what a file says.
  ///
  /// @param file a document in the Configurator's format
  /// @throws UsageException if it is none
  /// @throws IOException if it cannot be read
  public void add(Path file) throws UsageException, IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new UsageException(file + ": larger than " + FILE_BYTES_MAX + " bytes");
    }
    JsonObject document = read(file);
    for (Map.Entry<String, JsonValue> entry : document.entrySet()) {
      if (entry.getKey().startsWith(":configurator:")) continue;
      if (!(entry.getValue() instanceof JsonObject keys)) {
        throw new UsageException(file + ": '" + entry.getKey() + "' is not an object of keys and values");
      }
      keys.forEach((key, value) -> put(entry.getKey(), key, value));
    }
  }

  /// Adds one setting.
  ///
  /// @param setting `PID.key=value`; a value that is no JSON is text
  public void add(String setting) {
    int equals = setting.indexOf('=');
    int dot = setting.lastIndexOf('.', equals);
    put(setting.substring(0, dot), setting.substring(dot + 1, equals), value(setting.substring(equals + 1)));
  }

  /// Adds what was changed while the node ran before, as the shell keeps it: a line `PID/key=value` each.
  ///
  /// @param file where it is kept; without it nothing was changed
  /// @throws UsageException if a line has no PID
  /// @throws IOException if it cannot be read
  public void addLive(Path file) throws UsageException, IOException {
    if (!Files.isRegularFile(file)) return;
    Properties kept = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      kept.load(reader);
    } catch (IllegalArgumentException | MalformedInputException e) {
      throw new UsageException(file + ": not a file of properties: " + e.getMessage());
    }
    for (String name : new TreeSet<>(kept.stringPropertyNames())) {
      int slash = name.indexOf('/');
      if (slash <= 0) throw new UsageException(file + ": '" + name + "' is not PID/key");
      put(name.substring(0, slash), name.substring(slash + 1), value(kept.getProperty(name)));
    }
  }

  /// @return the document, for whoever has a Configurator
  public String document() {
    return object().toString();
  }

  /// @return by PID, with the types that the document's keys and values say
  /// @throws UsageException if a value is not of the type that its key names
  Map<String, Hashtable<String, Object>> configurations() throws UsageException {
    ConfigurationReader reader = Configurations.buildReader().withIdentifier("configuration").build(object());
    try {
      return reader.readConfigurationResource().getConfigurations();
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private JsonObject object() {
    var root = json.createObjectBuilder();
    root.add(":configurator:resource-version", 1).add(":configurator:symbolic-name", "dev.tenon.launcher")
        .add(":configurator:version", "1.0.0");
    byPid.forEach((pid, keys) -> {
      var object = json.createObjectBuilder();
      keys.forEach(object::add);
      root.add(pid, object);
    });
    return root.build();
  }

  private void put(String pid, String key, JsonValue value) {
    JsonValue kept = value instanceof JsonString text
        ? json.createValue(text.getString().replace("${data}", data.toString()))
        : value;
    byPid.computeIfAbsent(pid, name -> new LinkedHashMap<>()).put(key, kept);
  }

  private JsonValue value(String text) {
    // Only what is a whole JSON value is taken as one: 5, true, "x", [1,2].
    try (JsonReader reader = json.createReader(new StringReader("[" + text + "]"))) {
      List<JsonValue> values = reader.readArray();
      if (values.size() == 1) return values.getFirst();
    } catch (JsonException notJson) {
      return json.createValue(text);
    }
    return json.createValue(text);
  }

  private JsonObject read(Path file) throws UsageException, IOException {
    try (Reader text = Configurations.jsonCommentAwareReader(Files.newBufferedReader(file));
        JsonReader reader = json.createReader(text)) {
      return reader.readObject();
    } catch (JsonException | ClassCastException | MalformedInputException e) {
      throw new UsageException(file + ": not a JSON object: " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }
}
