package dev.tenon.cli;

import java.io.IOException;

/// What a soak asks of a process.
interface SoakDoor {
  /// Something that is asked until it is so; what cannot be asked yet is not so.
  interface Condition {
    boolean holds() throws IOException;
  }

  /// A process that lives has refused what it was asked for.
  final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }

  /// @return the body of the answer
  /// @throws Refused if that is an error
  /// @throws IOException if there is none
  String ask(String line) throws IOException;

  boolean isAlive();

  /// @throws IOException if it is not so in time; with what was told last
  void await(String what, Condition condition) throws IOException;

  /// What a person would look at first.
  String seen();
}
