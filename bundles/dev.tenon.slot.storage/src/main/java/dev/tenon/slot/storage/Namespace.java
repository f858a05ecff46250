package dev.tenon.slot.storage;

import dev.tenon.slot.StoreOwner;
import java.util.function.BooleanSupplier;

/// The journals of one location of a slot above, as one of its instances holds them. They are told apart by their
/// names: `_o_<role>_<use>_<n>_` before the name that the owner uses, which a slot's name cannot be taken for, since it
/// has no `_`. So a provider needs to know nothing of owners, and a partition's name stays one that it may have.
///
/// @param owner the instance
/// @param ended whether nothing of it is to take effect any more
record Namespace(StoreOwner owner, BooleanSupplier ended) {
  /// What names of nobody else begin with.
  static final String RESERVED = "_o_";

  static String prefix(String location) {
    return RESERVED + location.replace('/', '_') + "_";
  }

  String prefix() {
    return prefix(owner.location());
  }

  /// What the names of all locations of its slot begin with.
  String prefixOfSlot() {
    String location = owner.location();
    return prefix(location.substring(0, location.lastIndexOf('/')));
  }
}
