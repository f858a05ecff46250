package dev.tenon.itests.house;

/// A rule that is broken.
///
/// @param where the file, relative to the root where it can be, with the line where there is one
/// @param rule its short name
/// @param text what is wrong, and what to do
record Finding(String where, String rule, String text) {
  @Override
  public String toString() {
    return where + ": " + rule + ": " + text;
  }
}
