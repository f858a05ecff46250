package dev.tenon.devnet;

import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.runtime.status.StatusSource;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// The devnet's part of the status line, and its health.
@Component(name = "dev.tenon.devnet.status", service = {StatusSource.class, HealthCheck.class},
    property = {"hc.name=devnet", "hc.tags=tenon"})
public final class DevnetStatus implements StatusSource, HealthCheck {
  private static final int ORDER = 10;
  private static final double SECOND_NS = 1e9;

  private final Devnet devnet;
  private long lastNs = System.nanoTime();
  private long lastCertified;

  @Reference(name = "engines", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<BroadcastStatus> engines = List.of();

  /// Takes its reference.
  ///
  /// @param devnet what is shown
  @Activate
  public DevnetStatus(@Reference(name = "devnet") Devnet devnet) {
    this.devnet = devnet;
  }

  @Override
  public int order() {
    return ORDER;
  }

  @Override
  public synchronized String text() {
    long nowNs = System.nanoTime();
    CertifiedCheck.Result result = devnet.result();
    double perSecond = (result.certified() - lastCertified) / Math.max(1e-3, (nowNs - lastNs) / SECOND_NS);
    lastNs = nowNs;
    lastCertified = result.certified();
    return "%.0f certified chunks/s, %d in all, %s%s%s".formatted(perSecond, result.certified(), heights(),
        result.wrong() == 0 && result.gaps() == 0 ? "" : ", " + faults(result), paused());
  }

  @Override
  public List<String> notices() {
    long ms = devnet.firstCertifiedMs();
    return ms < 0 ? List.of() : List.of("first certified chunk after " + ms + " ms");
  }

  @Override
  public Result execute() {
    CertifiedCheck.Result result = devnet.result();
    if (result.wrong() > 0 || result.gaps() > 0) {
      return new Result(Result.Status.CRITICAL, faults(result));
    }
    String paused = paused();
    return paused.isEmpty()
        ? new Result(Result.Status.OK, result.certified() + " certified chunks, each compared with what was sent")
        : new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "engines pause" + paused);
  }

  private static String faults(CertifiedCheck.Result result) {
    return result.wrong() + " certified payloads are not what was sent, " + result.gaps() + " heights are missing";
  }

  /// The lowest and highest tip among all sequencers, each by the validator that knows most of it.
  private String heights() {
    Collection<Long> tips = tips();
    long low = tips.stream().mapToLong(Long::longValue).min().orElse(0);
    long high = tips.stream().mapToLong(Long::longValue).max().orElse(0);
    return tips.isEmpty() ? "no tips" : "tips " + low + " to " + high;
  }

  private Collection<Long> tips() {
    var highest = new TreeMap<dev.tenon.crypto.PublicKey, Long>();
    for (BroadcastStatus engine : engines) {
      engine.view().tips().forEach(tip -> highest.merge(tip.sequencer(), tip.height(), Math::max));
    }
    return highest.values();
  }

  private String paused() {
    List<String> reasons = engines.stream().map(engine -> engine.view().paused()).filter(text -> !text.isEmpty())
        .distinct().toList();
    return reasons.isEmpty() ? "" : ", paused: " + String.join("; ", reasons);
  }
}
