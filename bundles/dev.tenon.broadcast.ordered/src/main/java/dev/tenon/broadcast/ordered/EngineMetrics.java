package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Ack;
import dev.tenon.broadcast.Chunk;
import dev.tenon.broadcast.Context;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.metrics.Gauge;
import dev.tenon.runtime.metrics.Histogram;
import dev.tenon.runtime.metrics.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The engine's series. In brackets the reference's name.
final class EngineMetrics {
  /// At most so many sequencers have a height of their own in the exposition.
  static final int SEQUENCERS_MAX = 128;

  private static final double[] VERIFY_BOUNDS = {3e-6, 1e-5, 3e-5, 1e-4, 3e-4, .001, .003, .01, .03, .1, .3, 1};
  private static final double[] CERTIFY_BOUNDS = {.01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30, 60, 300};
  private static final Logger log = LoggerFactory.getLogger(EngineMetrics.class);

  private record Outcomes(Counter success, Counter failure, Counter invalid, Counter dropped) {}

  private final Metrics metrics;
  private final String node;
  private final String engine;
  private final Outcomes acks;
  private final Outcomes nodes;
  private final Outcomes verify;
  private final Outcomes propose;
  private final Outcomes rebroadcast;
  private final Counter certificates;
  private final Map<Application.Call, Counter> applicationFailures = new EnumMap<>(Application.Call.class);
  private final Gauge chains;
  private final Gauge evidence;
  private final Gauge tracked;
  private final Counter synced;
  private final Counter pruned;
  private final Histogram verifySeconds;
  private final Histogram certifySeconds;
  private long sections; // what the gauge shows
  private final TreeMap<PublicKey, Gauge> heights = new TreeMap<>(); // of members of the current epoch's set

  EngineMetrics(Metrics metrics, Settings settings) {
    this.metrics = metrics;
    node = settings.node();
    engine = settings.engine();
    acks = outcomes("acks", "Acks that came in (acks).");
    nodes = outcomes("nodes", "Nodes that came in (nodes).");
    verify = outcomes("verify", "Payloads that the application was asked about (verify).");
    propose = outcomes("propose", "Own chunks that were to be proposed (propose).");
    rebroadcast = outcomes("rebroadcast", "Own chunks that were to be sent again (rebroadcast).");
    certificates = metrics.counter("tenon_broadcast_certificates_total",
        "Certificates produced here, not received in parents (certificates).", "node", node, "engine", engine);
    for (Application.Call call : Application.Call.values()) {
      applicationFailures.put(call, metrics.counter("tenon_broadcast_application_failures_total",
          "Calls of the application's code that threw.", "node", node, "engine", engine, "call", call.label()));
    }
    chains = metrics.gauge("tenon_broadcast_chains", "Chains that are followed.", "node", node, "engine", engine);
    evidence = metrics.gauge("tenon_broadcast_evidence",
        "Votes and certificates at the last change of the epoch, counted by sequencer, height and epoch.", "node", node,
        "engine", engine);
    tracked =
        metrics.gauge("tenon_broadcast_journal_sections", "Sections that the journals of the engine keep (tracked).",
            "node", node, "engine", engine);
    synced = metrics.counter("tenon_broadcast_journal_commits_total",
        "Commits of the journals of the engine that became durable (synced).", "node", node, "engine", engine);
    pruned = metrics.counter("tenon_broadcast_journal_pruned_sections_total",
        "Sections that the journals of the engine dropped (pruned).", "node", node, "engine", engine);
    verifySeconds = metrics.histogram("tenon_broadcast_verify_seconds",
        "From the question to the application to the handling of its verdict (verify_duration).", VERIFY_BOUNDS,
        "node", node, "engine", engine);
    certifySeconds = metrics.histogram("tenon_broadcast_certify_seconds",
        "From an own proposal, once durable, to its certificate (e2e_duration).", CERTIFY_BOUNDS, "node", node,
        "engine", engine);
  }

  private Outcomes outcomes(String thing, String help) {
    return new Outcomes(counter(thing, help, "success"), counter(thing, help, "failure"),
        counter(thing, help, "invalid"), counter(thing, help, "dropped"));
  }

  private Counter counter(String thing, String help, String outcome) {
    return metrics.counter("tenon_broadcast_" + thing + "_total", help, "node", node, "engine", engine, "outcome",
        outcome);
  }

  void ackAccepted(Ack ack) {
    acks.success.increment();
    if (log.isDebugEnabled()) {
      chunk(log.atDebug(), ack.chunk()).addKeyValue("epoch", ack.epoch()).log("ack accepted");
    }
  }

  void ackRefused(Refusal why, PublicKey from) {
    (why == Refusal.UNKNOWN_SCHEME ? acks.failure : acks.invalid).increment();
    log.atDebug().addKeyValue("engine", engine).addKeyValue("peer", from).addKeyValue("reason", why)
        .log("ack refused");
  }

  void acksDropped(int count) {
    acks.dropped.add(count);
  }

  void applicationFailed(Application.Call call) {
    Objects.requireNonNull(applicationFailures.get(call)).increment();
  }

  void nodeAccepted(Chunk chunk) {
    nodes.success.increment();
    if (log.isDebugEnabled()) {
      chunk(log.atDebug(), chunk).log("node accepted");
    }
  }

  void nodeRefused(Refusal why, PublicKey from) {
    nodes.invalid.increment();
    log.atDebug().addKeyValue("engine", engine).addKeyValue("peer", from).addKeyValue("reason", why)
        .log("node refused");
  }

  void nodesDropped(int count) {
    nodes.dropped.add(count);
  }

  void verified(Chunk chunk, double seconds, boolean valid) {
    verifySeconds.observe(seconds);
    (valid ? verify.success : verify.failure).increment();
    verdict(chunk, valid ? "valid" : "invalid");
  }

  void verifyDropped(Chunk chunk) {
    verify.dropped.increment();
    verdict(chunk, "none");
  }

  private void verdict(Chunk chunk, String verdict) {
    if (log.isDebugEnabled()) {
      chunk(log.atDebug(), chunk).addKeyValue("verdict", verdict).log("verdict");
    }
  }

  private LoggingEventBuilder chunk(LoggingEventBuilder event, Chunk chunk) {
    return event.addKeyValue("engine", engine).addKeyValue("sequencer", chunk.sequencer())
        .addKeyValue("height", chunk.height());
  }

  void voteRefused(Refusal why) {
    log.atDebug().addKeyValue("engine", engine).addKeyValue("reason", why).log("no ack");
  }

  void chains(int count) {
    chains.set(count);
  }

  void evidence(int count) {
    evidence.set(count);
  }

  void certificate(Chunk chunk, Epoch epoch) {
    certificates.increment();
    if (log.isDebugEnabled()) {
      chunk(log.atDebug(), chunk).addKeyValue("epoch", epoch).log("certificate recovered");
    }
  }

  void certified(double seconds) {
    certifySeconds.observe(seconds);
  }

  void proposed(Chunk chunk) {
    propose.success.increment();
    if (log.isDebugEnabled()) {
      chunk(log.atDebug(), chunk).log("proposed");
    }
  }

  /// The automaton has nothing now, or let the question go. As often as an application says so: not above debug.
  void proposeRefused(Context context, RuntimeException cause) {
    if (log.isDebugEnabled()) {
      log.atDebug().addKeyValue("engine", engine).addKeyValue("height", context.height())
          .addKeyValue("reason", cause.getMessage()).log("nothing proposed");
    }
  }

  void proposeFailed() {
    propose.failure.increment();
  }

  void proposeDropped() {
    propose.dropped.increment();
  }

  void rebroadcast(Chunk chunk) {
    rebroadcast.success.increment();
    if (log.isDebugEnabled()) {
      chunk(log.atDebug(), chunk).log("rebroadcast");
    }
  }

  /// @param more how many sections there are more than before, or fewer
  void sections(int more) {
    sections += more;
    tracked.set((double) sections);
  }

  void committed() {
    synced.increment();
  }

  void pruned(int count) {
    pruned.add(count);
    sections(-count);
  }

  void rebroadcastFailed() {
    rebroadcast.failure.increment();
  }

  void rebroadcastDropped() {
    rebroadcast.dropped.increment();
  }

  void height(Chunk chunk) {
    Gauge gauge = heights.get(chunk.sequencer());
    if (gauge == null && heights.size() < SEQUENCERS_MAX) {
      gauge = metrics.gauge("tenon_broadcast_sequencer_height",
          "Height of each sequencer's accepted tip (sequencer_heights).", "node", node, "engine", engine, "sequencer",
          chunk.sequencer().toString());
      heights.put(chunk.sequencer(), gauge);
    }
    if (gauge != null) {
      gauge.set((double) chunk.height().value());
    }
  }

  /// Takes the series of those out that are no sequencers any more.
  void retain(Participants sequencers) {
    heights.entrySet().removeIf(entry -> {
      boolean gone = sequencers.indexOf(entry.getKey()) < 0;
      if (gone) {
        entry.getValue().remove();
      }
      return gone;
    });
  }

}
