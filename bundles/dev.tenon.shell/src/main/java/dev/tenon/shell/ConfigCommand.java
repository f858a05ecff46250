package dev.tenon.shell;

import dev.tenon.runtime.status.ConfigurationCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeService;

/// Shows the configuration, and changes one value of it while the node runs. What is not described is refused; what is
/// set here holds at the next start too ([LiveSettings]).
final class ConfigCommand {
  private static final String USAGE = "config get [PID[.key]], or config set PID.key=value";

  private final BundleContext context;
  private final ConfigurationAdmin admin;
  private final MetaTypeService metatype;
  private final ServiceComponentRuntime components;
  private final Supplier<List<ConfigurationCheck>> checks;

  ConfigCommand(BundleContext context, ConfigurationAdmin admin, MetaTypeService metatype,
      ServiceComponentRuntime components, Supplier<List<ConfigurationCheck>> checks) {
    this.context = context;
    this.admin = admin;
    this.metatype = metatype;
    this.components = components;
    this.checks = checks;
  }

  Answer run(List<String> words) {
    try {
      if (words.size() <= 2 && !words.isEmpty() && words.getFirst().equals("get")) {
        return get(words.size() == 2 ? words.get(1) : "");
      }
      if (words.size() >= 2 && words.getFirst().equals("set")) {
        return set(String.join(" ", words.subList(1, words.size())));
      }
      return new Answer.Refused(USAGE);
    } catch (IOException | InvalidSyntaxException e) {
      return new Answer.Refused("configuration: " + e.getMessage());
    }
  }

  private Answer get(String name) throws IOException, InvalidSyntaxException {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Configuration> one : all().entrySet()) {
      Dictionary<String, Object> values = one.getValue().getProperties();
      List<String> keys = values == null ? List.of() : Collections.list(values.keys());
      for (String key : keys.stream().sorted().toList()) {
        if (name.isEmpty() || name.equals(one.getKey()) || name.equals(one.getKey() + "." + key)) {
          rows.add(List.of(one.getKey(), key, SettingValue.text(values.get(key))));
        }
      }
    }
    return rows.isEmpty()
        ? new Answer.Refused("nothing is configured under '" + name + "'; 'config get' shows all")
        : new Answer.Table(List.of("pid", "key", "value"), rows);
  }

  private Answer set(String setting) throws IOException, InvalidSyntaxException {
    int equals = setting.indexOf('=');
    int dot = setting.lastIndexOf('.', equals);
    if (equals < 0 || dot <= 0) {
      return new Answer.Refused(USAGE);
    }
    String pid = setting.substring(0, dot);
    String key = setting.substring(dot + 1, equals);
    String value = setting.substring(equals + 1);
    DescribedKeys described =
        ConfigurationNotices.described(context, metatype, components).get(pid.replaceFirst("~.*", ""));
    if (described == null) {
      return new Answer.Refused(pid + ": no bundle of this node reads this configuration");
    }
    Object parsed = SettingValue.parse(value);
    AttributeDefinition attribute = described.keys().get(key);
    boolean empty = value.isEmpty() && attribute != null && attribute.getType() == AttributeDefinition.STRING;
    List<String> faults = empty ? List.of() : described.faults(pid, Map.of(key, parsed));
    if (!faults.isEmpty()) {
      return new Answer.Refused(faults.getFirst());
    }
    Optional<String> refusal = refusal(pid, key, parsed);
    if (refusal.isPresent()) {
      return new Answer.Refused(pid + "." + key + "=" + value + ": " + refusal.get());
    }
    Configuration existing = all().get(pid);
    if (existing == null && pid.indexOf('~') >= 0) {
      return new Answer.Refused("there is no '" + pid + "'");
    }
    Configuration configuration = existing == null ? admin.getConfiguration(pid, "?") : existing;
    Map<String, Object> values = new TreeMap<>();
    Dictionary<String, Object> former = configuration.getProperties();
    if (former != null) {
      Collections.list(former.keys()).forEach(name -> values.put(name, former.get(name)));
    }
    Object before = values.put(key, parsed);
    configuration.updateIfDifferent(FrameworkUtil.asDictionary(values));
    return new Answer.Lines(List.of(pid + "." + key + " = " + value
        + (before == null ? "" : ", was " + SettingValue.text(before))));
  }

  private Optional<String> refusal(String pid, String key, Object value) {
    return checks.get().stream().filter(check -> check.pid().equals(pid))
        .flatMap(check -> check.refusal(key, value).stream()).findFirst();
  }

  private Map<String, Configuration> all() throws IOException, InvalidSyntaxException {
    Map<String, Configuration> all = new TreeMap<>();
    Configuration[] found = admin.listConfigurations(null);
    for (Configuration one : found == null ? new Configuration[0] : found) {
      all.put(one.getPid(), one);
    }
    return all;
  }
}
