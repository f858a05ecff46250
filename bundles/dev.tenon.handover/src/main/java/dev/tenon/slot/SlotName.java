package dev.tenon.slot;

/// `<node>/<role>/<use>`, such as `v2/journal/broadcast`.
///
/// @param node the node
/// @param role the role, such as `journal`
/// @param use what it is used for
public record SlotName(String node, String role, String use) implements Comparable<SlotName> {
  private static final String PART = "[a-z0-9][a-z0-9-]{0,31}";

  /// Checks each part.
  ///
  /// @throws IllegalArgumentException if a part is not `[a-z0-9][a-z0-9-]{0,31}`
  public SlotName {
    if (!node.matches(PART) || !role.matches(PART) || !use.matches(PART)) {
      throw new IllegalArgumentException("a slot is named <node>/<role>/<use>, each [a-z0-9-]: " + node + "/" + role
          + "/" + use);
    }
  }

  /// Reads a full name.
  ///
  /// @param text `<node>/<role>/<use>`
  /// @return the name
  /// @throws IllegalArgumentException if it is none
  public static SlotName parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a slot is named <node>/<role>/<use>: " + text);
    }
    return new SlotName(parts[0], parts[1], parts[2]);
  }

  @Override
  public int compareTo(SlotName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return node + "/" + role + "/" + use;
  }
}
