package dev.tenon.itests.house;

import dev.tenon.itests.house.Layers.Layer;
import dev.tenon.itests.house.Layers.Room;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The layer rules, on the manifests and class paths of built bundles.
final class LayerCheck {
  private static final Set<String> JDK = ModuleFinder.ofSystem().findAll().stream()
      .flatMap(module -> module.descriptor().exports().stream()).map(exports -> exports.source())
      .collect(Collectors.toSet());
  private static final List<String> FREE_ABOVE_CONTRACTS = List.of("org.osgi", "org.slf4j", "org.apache.felix.hc");
  private static final List<String> FREE_BELOW = List.of("org.osgi.annotation", "org.jspecify");

  private final Layers layers;
  private final List<Bundle> bundles;
  private final Map<String, String> ownerOf = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  LayerCheck(Layers layers, List<Bundle> bundles) {
    this.layers = layers;
    this.bundles = bundles;
  }

  List<Finding> run() {
    findings.addAll(layers.findings());
    for (Bundle bundle : bundles) own(bundle);
    for (Bundle bundle : bundles) {
      layers.room(bundle.name()).ifPresentOrElse(room -> check(bundle, room), () -> find(bundle, "layer-missing",
          "add a line to " + Layers.FILE + ": `" + bundle.name() + "  L2` (or its real layer)"));
    }
    for (Room room : layers.rooms()) {
      if (bundles.stream().noneMatch(bundle -> bundle.name().equals(room.name()))) {
        findings.add(new Finding(Layers.FILE, "bundle-missing", room.name() + " has no folder below bundles/"));
      }
    }
    rooms();
    return findings;
  }

  private void own(Bundle bundle) {
    for (String name : bundle.packages()) {
      String other = ownerOf.putIfAbsent(name, bundle.name());
      if (other != null) find(bundle, "split-package", "package " + name + " is also in " + other);
    }
    String symbolic =
        bundle.clauses("Bundle-SymbolicName").stream().map(Bundle.Clause::name).findFirst().orElse("none");
    if (!symbolic.equals(bundle.name())) find(bundle, "symbolic-name", "is " + symbolic + ", the folder's name is not");
  }

  private void check(Bundle bundle, Room room) {
    bundle.clauses("Import-Package").forEach(clause -> imports(bundle, room, clause.name()));
    bundle.clauses("Export-Package").forEach(clause -> exports(bundle, room, clause));
    for (String name : bundle.packages()) {
      boolean named = name.equals(room.name()) || name.startsWith(room.name() + ".");
      boolean noun = name.startsWith(Layers.PREFIX) && room.name().endsWith(".api") && layers.room(name).isEmpty();
      String kind = name.startsWith(Layers.PREFIX) ? "package" : "embeds";
      if (!named && !noun && room.grant(kind, name).isEmpty()) {
        find(bundle, "package-name", "holds " + name + ", which is not named after the bundle");
      }
    }
  }

  private void imports(Bundle bundle, Room room, String name) {
    if (JDK.contains(name) || bundle.packages().contains(name)) return;
    String owner = ownerOf.get(name);
    if (owner != null) {
      neighbour(bundle, room, name, owner);
    } else if (name.startsWith(Layers.PREFIX)) {
      find(bundle, "import-unknown", "imports " + name + ", which no bundle holds");
    } else {
      thirdParty(bundle, room, name);
    }
  }

  private void neighbour(Bundle bundle, Room room, String name, String owner) {
    if (layers.room(owner).isEmpty()) return;
    Layer layer = layers.room(owner).get().layer();
    if (layer.compareTo(room.layer()) > 0) {
      find(bundle, "import-upward", room.layer() + " imports " + name + " from " + owner + " in " + layer);
    } else if (layer == room.layer() && room.grant("sees", owner).isEmpty()) {
      find(bundle, "import-sideways", "imports " + name + " from " + owner + ", both in " + layer);
    }
    boolean exported = bundles.stream().filter(other -> other.name().equals(owner))
        .flatMap(other -> other.clauses("Export-Package").stream()).anyMatch(clause -> clause.name().equals(name));
    if (!exported && room.layer() != Layer.TOOL) {
      find(bundle, "import-private", "imports " + name + ", which " + owner + " does not export");
    }
  }

  private void thirdParty(Bundle bundle, Room room, String name) {
    boolean below = room.layer().compareTo(Layer.L1) <= 0;
    if (starts(name, FREE_BELOW) || (!below && starts(name, FREE_ABOVE_CONTRACTS))) return;
    if (room.grant("imports", name).isEmpty()) {
      find(bundle, "import-third-party", "imports " + name + " outside the room of that library");
    }
  }

  private void exports(Bundle bundle, Room room, Bundle.Clause clause) {
    boolean free = room.layer() == Layer.L0 || room.layer() == Layer.L1;
    if (!free && room.grant("exports", clause.name()).isEmpty()) {
      find(bundle, "export-forbidden", "exports " + clause.name() + "; only libraries and contracts export");
    }
    if (!clause.attributes().containsKey("version") || clause.attributes().get("version").equals("0.0.0")) {
      find(bundle, "export-version", "exports " + clause.name() + " without a version");
    }
  }

  /// What a container offers to everybody is no library: contracts without code of their own.
  private static boolean isContract(String prefix) {
    return prefix.startsWith("org.osgi") || prefix.equals("org.apache.felix.hc.api");
  }

  /// A third-party library has one room.
  private void rooms() {
    Map<String, String> holder = new TreeMap<>();
    for (Room room : layers.rooms()) {
      if (room.layer().compareTo(Layer.L3) > 0) continue;
      for (Layers.Grant grant : room.grants()) {
        if (!List.of("imports", "embeds").contains(grant.kind()) || isContract(grant.value())) continue;
        String other = holder.put(grant.value(), room.name());
        if (other != null && !other.equals(room.name())) {
          findings.add(
              new Finding(Layers.FILE, "two-rooms", grant.value() + " is granted to " + other + " and " + room.name()));
        }
      }
    }
  }

  private static boolean starts(String name, List<String> prefixes) {
    return prefixes.stream().anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
  }

  private void find(Bundle bundle, String rule, String text) {
    findings.add(new Finding("bundles/" + bundle.name(), rule, text));
  }
}
