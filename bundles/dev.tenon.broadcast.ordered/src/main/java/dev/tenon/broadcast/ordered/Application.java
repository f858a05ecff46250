package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Activity;
import dev.tenon.broadcast.Context;
import dev.tenon.broadcast.Reporter;
import dev.tenon.codec.CheckFailed;
import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.runtime.Clock;
import dev.tenon.runtime.Promise;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls what the application's bundles offer. What these throw is a fault of theirs and none of the engine: it is
/// counted, told at intervals and taken as "not done", and the engine goes on. Belongs to the engine's actor.
final class Application {
  /// The least time between two warnings about one kind of call, in milliseconds.
  static final long WARN_MS = 10_000;

  /// What is asked of the application.
  enum Call {
    PROPOSE("the automaton's propose"), VERIFY("the automaton's verify"), BROADCAST("the relay"), REPORT("a reporter"),
    SEQUENCERS("the provider of sequencers"), EPOCH("the monitor of epochs");

    private final String title;

    Call(String title) {
      this.title = title;
    }

    /// The value of the metric's label.
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final class Fault {
    private String now = ""; // what the last call of this kind threw; empty where it did not
    private long warnedNs;
    private long unsaid; // since the last warning
    private boolean isWarned;
  }

  private static final long NS_PER_MS = 1_000_000;
  private static final Logger log = LoggerFactory.getLogger(Application.class);

  private final Settings settings;
  private final Collaborators peers;
  private final Clock clock;
  private final StatusBoard status;
  private final EngineMetrics metrics;
  private final Map<Call, Fault> faults = new EnumMap<>(Call.class);

  Application(Settings settings, Collaborators peers, Clock clock, StatusBoard status, EngineMetrics metrics) {
    this.settings = settings;
    this.peers = peers;
    this.clock = clock;
    this.status = status;
    this.metrics = metrics;
  }

  /// Asks for the next payload.
  ///
  /// @return false if that threw: an answer that was given nonetheless does not count
  boolean propose(Context context, Promise<Digest> answer) {
    try {
      peers.automaton().propose(context, answer);
    } catch (RuntimeException | LinkageError | AssertionError | CheckFailed thrown) {
      failed(Call.PROPOSE, thrown);
      return false;
    }
    went(Call.PROPOSE);
    return true;
  }

  /// Asks for a verdict.
  ///
  /// @return false if that threw: an answer that was given nonetheless does not count
  boolean verify(Context context, Digest payload, Promise<Boolean> answer) {
    try {
      peers.automaton().verify(context, payload, answer);
    } catch (RuntimeException | LinkageError | AssertionError | CheckFailed thrown) {
      failed(Call.VERIFY, thrown);
      return false;
    }
    went(Call.VERIFY);
    return true;
  }

  /// Has a payload spread.
  ///
  /// @return false if that threw: nobody may have the bytes
  boolean broadcast(Context context, Digest payload) {
    try {
      peers.relay().broadcast(context, payload);
    } catch (RuntimeException | LinkageError | AssertionError | CheckFailed thrown) {
      failed(Call.BROADCAST, thrown);
      return false;
    }
    went(Call.BROADCAST);
    return true;
  }

  /// Tells all reporters. One that throws has lost this activity, and no other has.
  void report(Activity activity) {
    boolean allHeard = true;
    for (Reporter reporter : peers.reporters()) {
      try {
        reporter.report(activity);
      } catch (RuntimeException | LinkageError | AssertionError | CheckFailed thrown) {
        failed(Call.REPORT, thrown);
        allHeard = false;
      }
    }
    if (allHeard) {
      went(Call.REPORT);
    }
  }

  /// The sequencers of an epoch.
  ///
  /// @return empty if the epoch is not known, or that threw
  Optional<Participants> sequencers(Epoch epoch) {
    Optional<Participants> found;
    try {
      found = peers.sequencers().sequencers(epoch);
    } catch (RuntimeException | LinkageError | AssertionError | CheckFailed thrown) {
      failed(Call.SEQUENCERS, thrown);
      return Optional.empty();
    }
    went(Call.SEQUENCERS);
    return found;
  }

  /// The epoch that the monitor says it is.
  ///
  /// @return empty if that threw
  Optional<Epoch> epoch() {
    Epoch now;
    try {
      now = peers.monitor().current();
    } catch (RuntimeException | LinkageError | AssertionError | CheckFailed thrown) {
      failed(Call.EPOCH, thrown);
      return Optional.empty();
    }
    went(Call.EPOCH);
    return Optional.of(now);
  }

  private void failed(Call call, Throwable thrown) {
    metrics.applicationFailed(call);
    Fault fault = faults.computeIfAbsent(call, any -> new Fault());
    long now = clock.monotonicNs();
    if (!fault.isWarned || now - fault.warnedNs >= WARN_MS * NS_PER_MS) {
      log.atWarn().addKeyValue("engine", settings.engine()).addKeyValue("call", call.label())
          .addKeyValue("unsaid", fault.unsaid).setCause(thrown).log("the application threw");
      fault.isWarned = true;
      fault.warnedNs = now;
      fault.unsaid = 0;
    } else {
      fault.unsaid++;
    }
    // Text only: an exception would keep the class loader of a bundle that is replaced.
    fault.now = call.title + " threw " + thrown.getClass().getName() + ": " + thrown.getMessage();
    tell();
  }

  /// The last call of this kind did not throw.
  private void went(Call call) {
    Fault fault = faults.computeIfAbsent(call, any -> new Fault());
    if (!fault.now.isEmpty()) {
      fault.now = "";
      tell();
    }
  }

  private void tell() {
    status.application(faults.values().stream().map(fault -> fault.now).filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; ")));
  }
}
