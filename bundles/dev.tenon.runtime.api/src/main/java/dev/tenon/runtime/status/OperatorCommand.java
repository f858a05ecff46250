package dev.tenon.runtime.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/// Something that an operator may ask a bundle to do. Called from any thread; returns soon, what lasts goes on.
@ConsumerType
public interface OperatorCommand {
  /// The command.
  ///
  /// @return lower-case letters, such as `swap`
  String name();

  /// What it does.
  ///
  /// @return one sentence with its words
  String help();

  /// Does it.
  ///
  /// @param words after the name
  /// @return some lines that say what was done
  /// @throws IllegalArgumentException with one line for the operator, if it cannot be done
  List<String> run(List<String> words);
}
