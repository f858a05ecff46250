package dev.tenon.devnet;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.consensus.SequencersProvider;
import dev.tenon.crypto.Hasher;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.status.ConfigurationCheck;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the nodes of a devnet share. Announces epochs as a service only once all nodes are there, so that no engine
/// starts without its sets.
@Component(name = "dev.tenon.devnet", service = {Devnet.class, ConfigurationCheck.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Devnet.Config.class)
public final class Devnet implements ConfigurationCheck {
  private static final Logger log = LoggerFactory.getLogger(Devnet.class);
  private static final String PID = "dev.tenon.devnet";
  private static final int NODES_MAX = 64;
  private static final int RATE_MAX = 1_000_000;

  /// What a devnet is made of.
  @ObjectClassDefinition(name = "Devnet", description = "Committee, epoch and payloads of a development network")
  public @interface Config {
    /// How many nodes the committee has.
    ///
    /// @return 1 to 64
    @AttributeDefinition(description = "Nodes with a validator each; all of them must be configured", min = "1",
        max = "64")
    int nodes() default 4;

    /// The epoch; a higher one moves all nodes live.
    ///
    /// @return not negative
    @AttributeDefinition(description = "Epoch; raising it moves all nodes live, also for the next starts;"
        + " lowering it is refused", min = "0")
    long epoch() default 0;

    /// How fast payloads are offered.
    ///
    /// @return chunks a second over all sequencers
    @AttributeDefinition(description = "Chunks a second over all sequencers; 0: as fast as they are certified",
        min = "0", max = "1000000")
    int rate() default 100;

    /// What is broadcast.
    ///
    /// @return a path, or nothing
    @AttributeDefinition(description = "Folder whose files are broadcast as they are, up to 1 MiB each; empty: the"
        + " built-in batches")
    String input() default "";

    /// Where copies of the payloads are kept.
    ///
    /// @return a path; no default
    @AttributeDefinition(description = "Folder for copies of the broadcast files, so that an uncertified chunk has its"
        + " bytes after a restart")
    String directory();
  }

  private final BundleContext bundles;
  private final Hasher hasher;
  private final EpochFile epochs;
  private final Committee committee;
  private final PayloadBoard board = new PayloadBoard();
  private final CertifiedCheck check = new CertifiedCheck(this::firstCertified);
  private final PayloadSource source;
  private final Pace pace;
  private @Nullable ServiceRegistration<?> announced;
  private volatile long firstCertifiedMs = -1;

  /// Reads the payloads.
  ///
  /// @param bundles registers the monitor
  /// @param config checked
  /// @param hasher SHA-256
  @Activate
  public Devnet(BundleContext bundles, Config config,
      @Reference(name = "hasher", target = "(tenon.hash=sha256)") Hasher hasher) {
    range("nodes", config.nodes(), 1, NODES_MAX);
    range("rate", config.rate(), 0, RATE_MAX);
    range("epoch", config.epoch(), 0, Long.MAX_VALUE);
    if (config.directory() == null || config.directory().isBlank()) {
      throw new ConfigException(PID + ".directory", "", "the path of a folder");
    }
    this.bundles = bundles;
    this.hasher = hasher;
    List<Bytes> files = InputFolder.read(config.input() == null ? "" : config.input());
    List<Bytes> former = InputFolder.keep(Path.of(config.directory()), files, hasher);
    this.source = new PayloadSource(files, former, hasher);
    this.epochs = new EpochFile(Path.of(config.directory()));
    this.committee = started(config.nodes(), new Epoch(config.epoch()));
    this.pace = new Pace(config.rate());
  }

  /// Takes a new epoch and rate while the nodes run.
  ///
  /// @param config checked; what only a new start can take is left alone
  @Modified
  void modified(Config config) {
    range("rate", config.rate(), 0, RATE_MAX);
    range("epoch", config.epoch(), 0, Long.MAX_VALUE);
    pace.set(config.rate());
    var next = new Epoch(config.epoch());
    if (next.compareTo(committee.current()) > 0) {
      epochs.keep(committee.with(next));
      committee.advance(next);
      log.atInfo().addKeyValue("epoch", next).log("epoch raised");
    } else {
      warnIfLower(next, committee.current());
    }
  }

  @Override
  public String pid() {
    return PID;
  }

  /// Refuses an epoch below the one that was announced.
  @Override
  public Optional<String> refusal(String key, Object value) {
    return key.equals("epoch") ? committee.refusal(value) : Optional.empty();
  }

  /// Takes the monitor back.
  @Deactivate
  synchronized void deactivate() {
    if (announced != null) {
      announced.unregister();
      announced = null;
    }
  }

  /// A node comes.
  synchronized void join(String node, Committee.Member member) {
    if (committee.join(node, member) && announced == null) {
      announced = bundles.registerService(new String[] {Monitor.class.getName(), SequencersProvider.class.getName()},
          committee, null);
    }
  }

  /// A node goes.
  synchronized void leave(String node, SchemeProvider schemes) {
    committee.leave(node, schemes);
  }

  /// The application of one node.
  NodeDesk desk(Runtime runtime) {
    return new NodeDesk(runtime, board, source, pace, hasher, committee::number, check);
  }

  CertifiedCheck.Result result() {
    return check.result();
  }

  /// How long after the start of the process the first chunk was certified; -1 before.
  long firstCertifiedMs() {
    return firstCertifiedMs;
  }

  /// The committee in the configured epoch, or in the one that was announced last where that is higher.
  private Committee started(int nodes, Epoch configured) {
    List<Epoch> announced = epochs.announced();
    var started = new Committee(nodes, announced.isEmpty() ? List.of(configured) : announced);
    if (announced.isEmpty()) {
      epochs.keep(List.of(configured));
    } else if (configured.compareTo(started.current()) > 0) {
      epochs.keep(started.with(configured));
      started.advance(configured);
    } else {
      warnIfLower(configured, started.current());
    }
    return started;
  }

  private static void warnIfLower(Epoch configured, Epoch current) {
    if (configured.compareTo(current) < 0) {
      log.atWarn().addKeyValue("epoch", current).addKeyValue("reason", "asked for " + configured)
          .log("an epoch cannot be lowered");
    }
  }

  private void firstCertified() {
    firstCertifiedMs = ManagementFactory.getRuntimeMXBean().getUptime();
  }

  private static void range(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw new ConfigException(PID + "." + key, Long.toString(value), min + " to " + max);
    }
  }
}
