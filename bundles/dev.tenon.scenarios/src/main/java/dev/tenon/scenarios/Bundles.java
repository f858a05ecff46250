package dev.tenon.scenarios;

import dev.tenon.handover.NodeSlots;
import dev.tenon.handover.ProviderSource;
import dev.tenon.runtime.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The providers' bundles on one node: they stay where its process ends, and are started again with it.
final class Bundles {
  /// @param role which it can fill
  /// @param provider its short name
  /// @param version of the bundle
  record Installed(String role, String provider, String version) {}

  /// Makes a provider's service for this life of the node.
  interface Maker {
    Object make(String role, String provider);
  }

  private final World world;
  private final Member member;
  private final Maker maker;
  private final TreeMap<Long, Installed> there = new TreeMap<>(); // by service
  private long refs;
  private int patches;

  Bundles(World world, Member member, Maker maker) {
    this.world = world;
    this.member = member;
    this.maker = maker;
  }

  /// All start, in the order in which they came.
  void boot(NodeSlots slots) {
    TreeMap<Long, Installed> all = new TreeMap<>(there);
    there.clear();
    all.values().forEach(each -> start(slots, each));
  }

  /// Is there from the first boot on.
  void install(String role, String provider) {
    there.put(++refs, new Installed(role, provider, version(1)));
  }

  /// A newer version is installed; those that are there stay.
  void beside(String role, String provider, int minor) {
    var newer = new Installed(role, provider, version(minor));
    if (member.node().isUp()) {
      start(member.control(), newer);
    } else {
      there.put(++refs, newer);
    }
  }

  private String version(int minor) {
    return "1." + minor + "." + patches++;
  }

  private void start(NodeSlots slots, Installed bundle) {
    long ref = ++refs;
    there.put(ref, bundle);
    Object service = maker.make(bundle.role(), bundle.provider());
    slots.provide(ref, bundle.role(), bundle.provider(), "dev.tenon." + bundle.provider(), bundle.version(),
        new ProviderSource() {
          @Override
          public Object take() {
            if (!there.containsKey(ref)) {
              throw new UnavailableException("the service is gone");
            }
            return service;
          }

          @Override
          public void release() {}
        });
  }

  /// All versions of it stop.
  void stop(String role, String provider) {
    for (long ref : refs(role, provider)) {
      stop(ref);
    }
  }

  private void stop(long ref) {
    there.remove(ref);
    if (member.node().isUp()) {
      member.control().withdraw(ref, () -> {});
    }
  }

  /// All but the newest stop.
  void stopOld(String role, String provider) {
    List<Long> all = refs(role, provider);
    all.subList(0, Math.max(0, all.size() - 1)).forEach(this::stop);
  }

  /// They stop; after a while another version starts, unless one did meanwhile.
  void update(String role, String provider, Duration away) {
    if (isThere(role, provider)) {
      stop(role, provider);
      world.simulation().after(away, () -> comeBack(role, provider));
    }
  }

  void comeBack(String role, String provider) {
    if (!isThere(role, provider)) {
      beside(role, provider, 1);
    }
  }

  boolean isThere(String role, String provider) {
    return !refs(role, provider).isEmpty();
  }

  private List<Long> refs(String role, String provider) {
    return there.entrySet().stream()
        .filter(each -> each.getValue().role().equals(role) && each.getValue().provider().equals(provider))
        .map(each -> each.getKey()).toList();
  }

  /// The version that a wish for it may name.
  @Nullable
  String newest(String role, String provider) {
    List<Long> all = refs(role, provider);
    Installed newest = all.isEmpty() ? null : there.get(all.getLast());
    return newest == null ? null : newest.version();
  }
}
