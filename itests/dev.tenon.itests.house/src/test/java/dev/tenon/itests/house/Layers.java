package dev.tenon.itests.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What cnf/layers.txt says. A line is `bundle layer grant(reason)...`; `#` starts a comment.
///
/// A grant is one of `sees:BUNDLE` (imports from a neighbour in its layer), `imports:PREFIX` (third-party packages),
/// `embeds:PREFIX` (third-party classes inside the jar), `exports:PACKAGE`, `package:PREFIX` (a package not named after
/// the bundle), `bans:RULE` (is free of that rule of the ban list), `refers:INTERFACE` (a service from a higher layer).
final class Layers {
  static final String FILE = "cnf/layers.txt";
  static final String PREFIX = "dev.tenon.";

  private static final Pattern GRANT =
      Pattern.compile("\\s+(sees|imports|embeds|exports|package|bans|refers):([^\\s(]+)\\(([^()]+)\\)");

  /// From the bottom to the top; what stands higher may import from what stands lower.
  enum Layer {
    L0("libraries"),
    L1("contracts"),
    L2("providers, slot families"),
    L3("engines"),
    L4("distribution"),
    TOOL("tools");

    final String title;

    Layer(String title) {
      this.title = title;
    }
  }

  /// @param kind as in the class comment
  /// @param value what it is about
  /// @param reason why
  record Grant(String kind, String value, String reason) {}

  /// @param name with the prefix
  /// @param layer where it stands
  /// @param grants what it may beyond its layer's rules
  record Room(String name, Layer layer, List<Grant> grants) {
    Optional<Grant> grant(String kind, String value) {
      return grants.stream().filter(grant -> grant.kind.equals(kind) && covers(grant.value, value)).findFirst();
    }

    private static boolean covers(String granted, String value) {
      return value.equals(granted) || value.startsWith(granted + ".");
    }
  }

  private final Map<String, Room> rooms = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private Layers() {}

  static Layers read(Path root) {
    try {
      return parse(Files.readString(root.resolve(FILE)));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + FILE, e);
    }
  }

  static Layers parse(String text) {
    Layers layers = new Layers();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").stripTrailing();
      if (!line.isBlank()) layers.line(line, FILE + ":" + (i + 1));
    }
    return layers;
  }

  private void line(String line, String where) {
    Matcher head = Pattern.compile("(dev\\.tenon\\.[a-z0-9.]+)\\s+(L[0-4]|TOOL)").matcher(line);
    if (!head.lookingAt()) {
      findings.add(new Finding(where, "layers-file", "not `bundle layer grants`, the layer being L0 to L4 or TOOL"));
      return;
    }
    List<Grant> grants = new ArrayList<>();
    Matcher grant = GRANT.matcher(line);
    int end = head.end();
    while (grant.find(end) && grant.start() == end) {
      grants.add(new Grant(grant.group(1), grant.group(2), grant.group(3)));
      end = grant.end();
    }
    if (end != line.length()) {
      findings.add(new Finding(where, "layers-file", "not a grant `kind:value(reason)`:" + line.substring(end)));
    }
    Room room = new Room(head.group(1), Layer.valueOf(head.group(2)), List.copyOf(grants));
    if (rooms.put(room.name, room) != null) {
      findings.add(new Finding(where, "layers-file", room.name + " stands here twice"));
    }
  }

  List<Room> rooms() {
    return List.copyOf(rooms.values());
  }

  Optional<Room> room(String name) {
    return Optional.ofNullable(rooms.get(name));
  }

  /// @return what is wrong with the file itself
  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
