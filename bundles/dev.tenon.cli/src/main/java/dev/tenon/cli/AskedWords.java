package dev.tenon.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which words commands take that only the node answers: a bad call is told from work that has failed before anybody is
/// asked. A command that does not stand here takes what the node takes.
final class AskedWords {
  /// @param words all of them, with a space between
  /// @param accepted what to give, in one phrase
  private record Form(Pattern words, String accepted) {
  }

  private static final Map<String, Form> FORMS = Map.of(
      "pin", new Form(Pattern.compile("[^-\\s]\\S*( --off)?"), "give a slot, and --off after it to free it"),
      "config", new Form(Pattern.compile("(?s)get( \\S+)?|set [^\\s=]+\\.[^\\s=.]+=.*"),
          "give get, perhaps with PID or PID.key, or set PID.key=value"),
      "upgrade", new Form(Pattern.compile("--plan( [^-\\s]\\S*)*"), "give --plan, and perhaps names of bundles"));

  private AskedWords() {}

  /// @param command its name
  /// @param words what it was given
  /// @return what is wrong and what is accepted, where these are not it
  static Optional<String> fault(String command, List<String> words) {
    Form form = FORMS.get(command);
    String given = String.join(" ", words);
    return form == null || form.words().matcher(given).matches()
        ? Optional.empty()
        : Optional.of("'" + (command + " " + given).strip() + "': " + form.accepted());
  }
}
