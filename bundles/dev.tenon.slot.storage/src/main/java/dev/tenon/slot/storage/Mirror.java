package dev.tenon.slot.storage;

import org.jspecify.annotations.Nullable;

/// What the facade knows of one journal on the strand's side. Under the family's lock.
final class Mirror {
  final String name;
  /// What is durable.
  SectionTable durable;
  /// Whether its being there is durable.
  boolean created;
  /// A removal was begun and has not returned.
  boolean removing;
  /// The newest handle: changes of older ones are dropped.
  @Nullable
  JournalHandle handle;

  Mirror(String name, SectionTable durable, boolean created) {
    this.name = name;
    this.durable = durable;
    this.created = created;
  }
}
