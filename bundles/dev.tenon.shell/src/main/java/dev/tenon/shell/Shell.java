package dev.tenon.shell;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.metrics.Exposition;
import dev.tenon.runtime.status.ConfigurationCheck;
import dev.tenon.runtime.status.OperatorCommand;
import dev.tenon.runtime.status.StatusSource;
import dev.tenon.runtime.status.StatusTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.apache.felix.service.command.CommandProcessor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.annotations.Designate;

/// Answers command lines: to the control socket, to Gogo, and to the launcher, which finds it as a function.
///
/// Immediate: the socket has to be there before anybody asks for the service.
@Component(name = "dev.tenon.shell", immediate = true, service = Function.class, property = "tenon.control=true")
@Designate(ocd = ShellConfig.class)
public final class Shell implements Function<String, String> {
  private static final String TAG = "tenon";
  private final Components components;
  private final HealthCheckExecutor health;
  private final GogoLines gogo;
  private final Commands commands;
  private final MetricsServer metrics;
  private final @Nullable ControlSocket socket;

  @Reference(name = "sources", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<StatusSource> sources = List.of();

  @Reference(name = "tables", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<StatusTable> tables = List.of();

  @Reference(name = "orders", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<OperatorCommand> orders = List.of();

  @Reference(name = "checks", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<ConfigurationCheck> checks = List.of();

  @Reference(name = "expositions", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<Exposition> expositions = List.of();

  /// @param context this bundle's
  /// @param config where and on which port
  /// @param runtime what knows the components
  /// @param health runs health checks
  /// @param gogo the container's shell
  /// @param admin the configuration
  /// @param metatype what describes it
  /// @throws IOException if socket or port cannot be opened
  @Activate
  public Shell(BundleContext context, ShellConfig config,
      @Reference(name = "componentRuntime") ServiceComponentRuntime runtime,
      @Reference(name = "health") HealthCheckExecutor health, @Reference(name = "gogo") CommandProcessor gogo,
      @Reference(name = "admin") ConfigurationAdmin admin, @Reference(name = "metatype") MetaTypeService metatype)
      throws IOException {
    if (config.metricsPort() < 0 || config.metricsPort() > 65_535) {
      throw new ConfigException("metricsPort", Integer.toString(config.metricsPort()), "0 to 65535");
    }
    this.components = new Components(context, runtime);
    this.health = health;
    this.gogo = new GogoLines(gogo);
    var configuration = new ConfigCommand(context, admin, metatype, runtime, () -> checks);
    this.commands = new Commands(fixed(components, configuration), this::offered);
    this.metrics = new MetricsServer(config.metricsPort(), this::exposition);
    this.socket = config.dataFolder().isEmpty() ? null : openSocket(Path.of(config.dataFolder()), commands, metrics);
  }

  /// Ends the socket and the port.
  @Deactivate
  public void close() {
    if (socket != null) socket.close();
    metrics.close();
  }

  @Override
  public String apply(String line) {
    return commands.run(line);
  }

  private static ControlSocket openSocket(Path data, Commands commands, MetricsServer metrics) throws IOException {
    try {
      return new ControlSocket(data, commands::run);
    } catch (IOException e) {
      metrics.close();
      throw e;
    }
  }

  private List<Command> fixed(Components shown, ConfigCommand configuration) {
    return List.of(new Command("status", "shows each component and its state", words -> shown.table()),
        new Command("why", "says what components wait for: why [NAME]", shown::why),
        new Command("health", "runs the health checks", words -> health()),
        new Command("config", "shows or changes the configuration: config get [PID[.key]], config set PID.key=value",
            configuration::run),
        new Command("gogo", "runs a line in the container's shell: gogo LINE", gogo::run),
        new Command("metrics", "prints all metrics", words -> new Answer.Lines(exposition().lines().toList())),
        new Command("line", "prints the status line", words -> new Answer.Lines(List.of(line()))),
        new Command("notices", "prints what was told once at the start", words -> new Answer.Lines(notices())));
  }

  private List<Command> offered() {
    List<Command> offered = new ArrayList<>();
    for (StatusTable table : tables) {
      offered.add(new Command(table.name(), table.help(), words -> new Answer.Table(table.columns(), table.rows())));
    }
    for (OperatorCommand order : orders) {
      offered.add(new Command(order.name(), order.help(), words -> carriedOut(order, words)));
    }
    return offered;
  }

  private static Answer carriedOut(OperatorCommand order, List<String> words) {
    try {
      return new Answer.Lines(order.run(words));
    } catch (IllegalArgumentException e) {
      return new Answer.Refused(String.valueOf(e.getMessage()));
    }
  }

  private Answer health() {
    List<String> lines = new ArrayList<>();
    boolean well = true;
    for (HealthCheckExecutionResult result : health.execute(HealthCheckSelector.tags(TAG))) {
      well &= result.getHealthCheckResult().isOk();
      lines.add(result.getHealthCheckResult().getStatus() + " " + result.getHealthCheckMetadata().getName());
      if (!result.getHealthCheckResult().isOk()) {
        result.getHealthCheckResult().forEach(entry -> lines.add("  " + entry.getMessage()));
      }
    }
    return well ? new Answer.Lines(lines) : new Answer.Unwell(lines);
  }

  private String line() {
    List<String> parts = inOrder().stream().map(StatusSource::text).filter(text -> !text.isEmpty()).toList();
    return parts.isEmpty() ? "running" : String.join(" | ", parts);
  }

  private List<String> notices() {
    List<String> lines = new ArrayList<>();
    lines.add("metrics at " + metrics.address());
    for (StatusSource source : inOrder()) lines.addAll(source.notices());
    return lines;
  }

  private List<StatusSource> inOrder() {
    return sources.stream().sorted(Comparator.comparingInt(StatusSource::order)).toList();
  }

  private String exposition() {
    StringBuilder text = new StringBuilder();
    for (Exposition exposition : expositions) text.append(exposition.text());
    return text.toString();
  }
}
