package dev.tenon.cli;

import java.io.IOException;

/// What a soak asks of a process.
interface SoakDoor {
  /// Something that is asked until it is so; what cannot be asked yet is not so.
  interface Condition {
    boolean holds() throws IOException;
  }

  /// @return the body of the answer
  String ask(String line) throws IOException;

  boolean isAlive();

  /// @throws IOException if it is not so in time; with what was told last
  void await(String what, Condition condition) throws IOException;

  /// What a person would look at first.
  String seen();
}
