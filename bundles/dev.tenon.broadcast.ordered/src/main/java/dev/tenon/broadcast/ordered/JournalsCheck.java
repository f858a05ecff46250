package dev.tenon.broadcast.ordered;

import dev.tenon.runtime.status.ConfigurationCheck;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/// Refuses that an engine is given other journals while its node runs: it would begin anew with its key and without
/// what that has signed. Beside the engine, so that it judges also where that one is not there.
@Component(name = "dev.tenon.broadcast.ordered.check", configurationPid = "dev.tenon.broadcast.ordered",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class JournalsCheck implements ConfigurationCheck {
  private static final String PREFIX = "journalPrefix";
  private static final String TARGET = "journals.target";

  private final Map<String, Object> properties;

  /// Takes the configuration of one engine.
  ///
  /// @param properties of it, with its PID
  @Activate
  public JournalsCheck(Map<String, Object> properties) {
    this.properties = new TreeMap<>(properties);
  }

  @Override
  public String pid() {
    return String.valueOf(properties.get(Constants.SERVICE_PID));
  }

  @Override
  public Optional<String> refusal(String key, Object value) {
    boolean moves = (key.equals(PREFIX) || key.equals(TARGET))
        && !value.toString().equals(String.valueOf(properties.getOrDefault(key, "")));
    return moves
        ? Optional.of("the engine would begin without what its key has signed, and sign it again: where its journals "
            + "are is not changed while the node runs")
        : Optional.empty();
  }
}
