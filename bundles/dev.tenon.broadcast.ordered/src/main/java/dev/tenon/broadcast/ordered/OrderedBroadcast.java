package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.broadcast.Relay;
import dev.tenon.broadcast.Reporter;
import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import dev.tenon.consensus.Monitor;
import dev.tenon.consensus.SequencersProvider;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.Signers;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.p2p.Transport;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Waiter;
import dev.tenon.runtime.status.HeightsKnown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one engine, and is its health check. Immediate, because an engine works without being asked.
@Component(name = "dev.tenon.broadcast.ordered", immediate = true,
    service = {BroadcastStatus.class, HealthCheck.class, HeightsKnown.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    property = {"hc.tags=tenon", "hc.tags=broadcast"})
@Designate(ocd = OrderedBroadcastConfig.class, factory = true)
public final class OrderedBroadcast implements BroadcastStatus, HealthCheck, HeightsKnown {
  private static final long STOP_MS_MAX = 2_000;

  private static final Logger log = LoggerFactory.getLogger(OrderedBroadcast.class);

  private final List<Reporter> reporters = new CopyOnWriteArrayList<>();
  private final Runtime runtime;
  private final Waiter ended;
  private final StatusBoard status;
  private final Lines lines = new Lines();
  private final Mailbox<Message> engine;

  /// Checks the configuration and starts the engine.
  ///
  /// @param config of this engine
  /// @param runtime the node's
  /// @param journals where nodes are kept
  /// @param schemes the validators by epoch
  /// @param transport carries nodes and acks
  /// @param automaton the application
  /// @param relay spreads payloads
  /// @param monitor announces epochs
  /// @param sequencers the sequencers by epoch
  /// @param algorithm of the sequencers' keys
  /// @param verifier checks the sequencers' signatures
  /// @param signers keep the engine's key
  /// @throws ConfigException if a value is outside its range
  @Activate
  public OrderedBroadcast(OrderedBroadcastConfig config, @Reference(name = "runtime") Runtime runtime,
      @Reference(name = "journals") JournalStore journals, @Reference(name = "schemes") SchemeProvider schemes,
      @Reference(name = "transport") Transport transport, @Reference(name = "automaton") Automaton automaton,
      @Reference(name = "relay") Relay relay, @Reference(name = "monitor") Monitor monitor,
      @Reference(name = "sequencers") SequencersProvider sequencers,
      @Reference(name = "algorithm") SignatureAlgorithm algorithm,
      @Reference(name = "verifier") SignatureVerifier verifier, @Reference(name = "signers") Signers signers) {
    this.runtime = runtime;
    SignerHandle key = signers.signer(runtime, named("key", config.key()));
    var namespace = Bytes.wrap(config.namespace().getBytes(StandardCharsets.UTF_8));
    String prefix = config.journalPrefix().isEmpty()
        ? Settings.standardPrefix(key.publicKey().bytes().hex())
        : config.journalPrefix();
    var settings = new Settings(runtime.node(), named("engine", config.engine()), namespace,
        named("channel", config.channel()), prefix, config.heightsPerSection(), config.epochBoundOld(),
        config.epochBoundNew(), config.heightBound(), config.rebroadcastTimeoutMs(), config.proposeBackoffMs(),
        config.priorityProposals(), config.priorityAcks(), config.messageBytesMax());
    settings.fit(journals.itemBytesMax());
    var peers =
        new Collaborators(runtime, journals, schemes, transport, automaton, relay, reporters, monitor, sequencers,
            algorithm, verifier, key.publicKey(), config.proposes() ? Optional.of(key) : Optional.empty());
    ended = runtime.waiter();
    status = new StatusBoard(settings, key.publicKey(), config.proposes(), journals);
    engine = Engine.start(settings, peers, status, lines, ended::wake);
  }

  /// Adds a listener.
  ///
  /// @param reporter hears of tips and locks from now on
  @Reference(name = "reporters", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addReporter(Reporter reporter) {
    reporters.add(reporter);
  }

  /// Takes a listener away.
  ///
  /// @param reporter hears no more
  public void removeReporter(Reporter reporter) {
    reporters.remove(reporter);
  }

  @Override
  public View view() {
    return status.view();
  }

  @Override
  public List<Known> heights() {
    return status.heights();
  }

  /// Says whether the engine works, pauses (and goes on by itself), or needs somebody.
  @Override
  public Result execute() {
    return status.health();
  }

  /// Stops the engine and waits for it, at most 2 s.
  @Deactivate
  public void stop() {
    var unused = engine.offer(new Message.Stop()); // CLOSED: it has ended by itself, and has said so
    if (!ended.sleepUntil(runtime.clock().monotonicNs() + TimeUnit.MILLISECONDS.toNanos(STOP_MS_MAX))) {
      log.atWarn().addKeyValue("engine", status.view().engine()).log("engine does not end in time");
    }
    lines.close();
  }

  private static String named(String configKey, String value) {
    if (!value.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      throw new ConfigException(configKey, value, "[a-z0-9][a-z0-9-]{0,63}");
    }
    return value;
  }
}
