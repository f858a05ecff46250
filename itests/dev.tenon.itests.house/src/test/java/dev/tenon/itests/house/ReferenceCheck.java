package dev.tenon.itests.house;

import dev.tenon.itests.house.Layers.Layer;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// The static references among all declared components: no cycle, for SCR activates neither side of one and says
/// nothing; and none to a service that only a higher layer offers.
final class ReferenceCheck {
  /// @param name the component's
  /// @param bundle where it is declared
  /// @param offers its service interfaces
  /// @param needs the interfaces of its static references
  record Component(String name, String bundle, List<String> offers, List<String> needs) {}

  private final Layers layers;
  private final List<Component> components = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  ReferenceCheck(Layers layers, List<Bundle> bundles) {
    this.layers = layers;
    for (Bundle bundle : bundles) {
      bundle.components().forEach((path, text) -> parse(bundle.name(), path, text));
    }
  }

  List<Component> components() {
    return List.copyOf(components);
  }

  List<Finding> run() {
    Map<Component, List<Component>> edges = new java.util.LinkedHashMap<>();
    for (Component from : components) {
      List<Component> to =
          components.stream().filter(other -> other.offers.stream().anyMatch(from.needs::contains)).toList();
      edges.put(from, to);
      from.needs.forEach(need -> upward(from, need));
    }
    TreeSet<String> seen = new TreeSet<>();
    for (Component start : components) {
      List<Component> cycle = cycle(edges, start);
      if (!cycle.isEmpty() && seen.add(String.join(" ", new TreeSet<>(names(cycle))))) {
        findings.add(new Finding("bundles/" + start.bundle, "reference-cycle", String.join(" -> ", names(cycle))));
      }
    }
    return findings;
  }

  private static List<String> names(List<Component> components) {
    return components.stream().map(Component::name).toList();
  }

  private void upward(Component from, String need) {
    List<Component> offering = components.stream().filter(other -> other.offers.contains(need)).toList();
    var room = layers.room(from.bundle);
    if (offering.isEmpty() || room.isEmpty() || room.get().grant("refers", need).isPresent()) return;
    boolean higher = offering.stream().allMatch(
        other -> layers.room(other.bundle).map(Layers.Room::layer).orElse(Layer.L0).compareTo(room.get().layer()) > 0);
    if (higher) {
      findings.add(new Finding("bundles/" + from.bundle, "reference-upward",
          from.name + " refers to " + need + ", which only " + names(offering) + " above offers"));
    }
  }

  /// The shortest way from a component back to itself, by breadth first.
  private static List<Component> cycle(Map<Component, List<Component>> edges, Component start) {
    Map<String, Component> before = new TreeMap<>();
    Deque<Component> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      Component at = queue.remove();
      for (Component next : edges.getOrDefault(at, List.of())) {
        if (before.putIfAbsent(next.name, at) != null) continue;
        if (next.equals(start)) return path(before, start);
        queue.add(next);
      }
    }
    return List.of();
  }

  private static List<Component> path(Map<String, Component> before, Component start) {
    Deque<Component> path = new ArrayDeque<>(List.of(start));
    Component at = before.get(start.name);
    while (at != null && !at.equals(start)) {
      path.addFirst(at);
      at = before.get(at.name);
    }
    path.addFirst(start);
    return List.copyOf(path);
  }

  private void parse(String bundle, String path, String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Element root = factory.newDocumentBuilder().parse(new InputSource(new StringReader(text))).getDocumentElement();
      if (!root.getTagName().endsWith("component")) return;
      List<String> needs = new ArrayList<>();
      for (Element reference : elements(root, "reference")) {
        if (!reference.getAttribute("policy").equals("dynamic")) needs.add(reference.getAttribute("interface"));
      }
      List<String> offers = elements(root, "provide").stream().map(each -> each.getAttribute("interface")).toList();
      components.add(new Component(root.getAttribute("name"), bundle, offers, List.copyOf(needs)));
    } catch (Exception e) {
      findings.add(new Finding("bundles/" + bundle, "component-xml", path + " cannot be read: " + e.getMessage()));
    }
  }

  private static List<Element> elements(Element root, String tag) {
    NodeList nodes = root.getElementsByTagName(tag);
    List<Element> list = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      list.add((Element) nodes.item(i));
    }
    return list;
  }
}
