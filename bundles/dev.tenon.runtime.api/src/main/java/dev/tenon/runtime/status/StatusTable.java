package dev.tenon.runtime.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/// A table that an operator may ask for by name. Called from any thread; answers from memory.
@ConsumerType
public interface StatusTable {
  /// @return the command's name: lower-case letters, such as `slots`
  String name();

  /// @return one sentence that says what the table shows
  String help();

  /// @return the columns' names in camelCase, which are also the keys in JSON
  List<String> columns();

  /// @return at most 10,000 rows, each with one value a column
  List<List<String>> rows();
}
