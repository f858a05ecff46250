package dev.tenon.handover;

import java.util.List;

/// What a [HandoverModel] explores.
///
/// @param <W> a state of the whole
interface ModelSpace<W> {
  /// The limit of a batch, which runs on whatever else happens.
  int OVERDUE = 3;

  /// Never by itself.
  int NEVER = 9;

  /// @param label what happens
  /// @param order among what happens by itself where nothing fails any more; [#NEVER] for the rest
  /// @param world what follows
  record Move<W>(String label, int order, W world) {}

  W first();

  /// All that may happen in a state.
  List<Move<W>> from(W world);

  /// Whether nothing is owed to anybody any more.
  boolean isServed(W world);

  /// What a state consists of: always as many parts, equal where the states are.
  Object[] parts(W world);

  W world(Object[] parts);
}
