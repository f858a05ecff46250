package dev.tenon.shell;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what is changed in the configuration of a running node, by whatever means, for its next start: in
/// `configuration.properties` of the data folder, a line `PID/key=value` each. The launcher reads it after the profile
/// and before `--config` and `--set`.
///
/// At once: a change before that would not be seen.
@Component(name = "dev.tenon.shell.settings", immediate = true, service = SynchronousConfigurationListener.class,
    configurationPid = "dev.tenon.shell")
public final class LiveSettings implements SynchronousConfigurationListener {
  static final String FILE = "configuration.properties";
  private static final Logger log = LoggerFactory.getLogger(LiveSettings.class);
  private static final int KEPT_MAX = 4_096;
  /// What Configuration Admin and Declarative Services add by themselves.
  private static final List<String> OWN =
      List.of(Constants.SERVICE_PID, ConfigurationAdmin.SERVICE_FACTORYPID, ConfigurationAdmin.SERVICE_BUNDLELOCATION);

  private final ConfigurationAdmin admin;
  private final @Nullable Path file;
  private final Map<String, Map<String, String>> known = new TreeMap<>();

  /// Notes how all is configured now.
  ///
  /// @param config tells the data folder
  /// @param admin what knows the configurations
  /// @throws IOException if it cannot tell
  /// @throws InvalidSyntaxException never: there is no filter
  @Activate
  public LiveSettings(ShellConfig config, @Reference(name = "admin") ConfigurationAdmin admin)
      throws IOException, InvalidSyntaxException {
    this.admin = admin;
    this.file = config.dataFolder().isEmpty() ? null : Path.of(config.dataFolder(), FILE);
    Configuration[] all = admin.listConfigurations(null);
    for (Configuration one : all == null ? new Configuration[0] : all) {
      known.put(one.getPid(), values(one.getProperties()));
    }
  }

  /// On the thread that changes the configuration, before it goes on.
  @Override
  public synchronized void configurationEvent(ConfigurationEvent event) {
    String pid = event.getPid();
    try {
      switch (event.getType()) {
        case ConfigurationEvent.CM_UPDATED -> changed(pid);
        case ConfigurationEvent.CM_DELETED -> keep(pid, known.getOrDefault(pid, Map.of()), Map.of());
        default -> {
          // Another location of the same values.
        }
      }
    } catch (IOException | InvalidSyntaxException e) {
      log.atError().setCause(e).addKeyValue("pid", pid).log("a changed configuration is lost at the next start");
    }
  }

  private void changed(String pid) throws IOException, InvalidSyntaxException {
    Configuration[] found = admin.listConfigurations("(" + Constants.SERVICE_PID + "=" + escaped(pid) + ")");
    if (found != null) {
      keep(pid, known.getOrDefault(pid, Map.of()), values(found[0].getProperties()));
    }
  }

  private void keep(String pid, Map<String, String> before, Map<String, String> now) throws IOException {
    known.put(pid, now);
    if (file == null || before.equals(now)) {
      return;
    }
    Properties kept = new Properties();
    if (Files.isRegularFile(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        kept.load(reader);
      }
    }
    before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(key -> kept.remove(pid + "/" + key));
    now.forEach((key, value) -> {
      if (!value.equals(before.get(key)) && kept.size() < KEPT_MAX) {
        kept.setProperty(pid + "/" + key, value);
      }
    });
    // Written beside and renamed: a crash leaves one or the other.
    Path fresh = file.resolveSibling(FILE + ".new");
    try (Writer writer = Files.newBufferedWriter(fresh)) {
      kept.store(writer, "Changed while the node ran; --config and --set win over it. A line: PID/key=value");
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Map<String, String> values(@Nullable Dictionary<String, Object> properties) {
    Map<String, String> values = new TreeMap<>();
    if (properties != null) {
      for (String key : Collections.list(properties.keys())) {
        if (!OWN.contains(key) && !key.startsWith(":")) {
          values.put(key, SettingValue.text(properties.get(key)));
        }
      }
    }
    return values;
  }

  private static String escaped(String text) {
    return text.replaceAll("([\\\\*()])", "\\\\$1");
  }
}
