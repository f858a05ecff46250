package dev.tenon.handover;

/// What one journal holds, as far as the model goes: items at positions, from a floor on.
///
/// @param floor the first position that may hold anything; -1 where there is no such journal
/// @param items one character each
record ModelJournal(int floor, String items) {
  static final ModelJournal ABSENT = new ModelJournal(-1, "");
  static final ModelJournal EMPTY = new ModelJournal(0, "");

  /// A change.
  enum Kind {
    APPEND, REWIND, PRUNE, CREATE, REMOVE
  }

  /// @param at the position: of the item, from where on all is dropped, or the new floor
  /// @param item what is appended
  record Op(Kind kind, int at, char item) {
    Op(Kind kind, int at) {
      this(kind, at, ' ');
    }
  }

  boolean exists() {
    return floor >= 0;
  }

  int end() {
    return floor + items.length();
  }

  ModelJournal with(Op op) {
    return switch (op.kind()) {
      case CREATE -> exists() ? this : EMPTY;
      case REMOVE -> ABSENT;
      case APPEND -> {
        if (!exists() || op.at() != end()) {
          throw new ModelWrong("an item for position " + op.at() + " comes to " + this);
        }
        yield new ModelJournal(floor, items + op.item());
      }
      case REWIND ->
          op.at() >= end() ? this : new ModelJournal(floor, items.substring(0, Math.max(0, op.at() - floor)));
      case PRUNE -> op.at() <= floor ? this
          : new ModelJournal(op.at(), items.substring(Math.min(items.length(), op.at() - floor)));
    };
  }

  /// Whether this is what was asked for, though perhaps a prune that was asked for later is in it already.
  boolean isAsAsked(ModelJournal asked, int floorMax) {
    if (!exists() || !asked.exists()) {
      return exists() == asked.exists();
    }
    return floor <= Math.max(floorMax, asked.floor)
        && equals(asked.with(new Op(Kind.PRUNE, floor)));
  }
}
