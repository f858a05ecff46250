package dev.tenon.scenarios;

/// What goes wrong in a world.
interface Trouble {
  /// Orders what is to happen from now on, for the length of the plan. Called once, at the start; may order steps that
  /// order more.
  void begin(World world);
}
