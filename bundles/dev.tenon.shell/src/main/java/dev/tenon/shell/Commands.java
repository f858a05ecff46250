package dev.tenon.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All commands by name: the fixed ones, and one for each table that a bundle offers at the time.
final class Commands {
  private static final Logger log = LoggerFactory.getLogger(Commands.class);
  private static final int WORDS_MAX = 32;

  private final List<Command> fixed;
  private final Supplier<List<Command>> offered;

  Commands(List<Command> fixed, Supplier<List<Command>> offered) {
    this.fixed = List.copyOf(fixed);
    this.offered = offered;
  }

  /// @param line a command and its words; `--json` asks for JSON
  /// @return the answer, encoded
  String run(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split("\\s+", WORDS_MAX)) {
      if (!word.isEmpty()) words.add(word);
    }
    boolean json = words.remove("--json");
    if (words.isEmpty()) return new Answer.Refused("no command; 'help' lists all").encoded(json);
    String name = words.getFirst();
    if (name.equals("help")) return help().encoded(json);
    for (Command command : all()) {
      if (command.name().equals(name)) return run(command, words.subList(1, words.size()), json);
    }
    return new Answer.Refused("unknown command '" + name + "'; 'help' lists all").encoded(json);
  }

  private String run(Command command, List<String> words, boolean json) {
    try {
      return command.run().apply(List.copyOf(words)).encoded(json);
    } catch (RuntimeException e) {
      // A bundle's table may fail while the bundle goes; the caller gets one line, the log the rest.
      log.atWarn().setCause(e).addKeyValue("command", command.name()).log("command failed");
      return new Answer.Refused(command.name() + " failed: " + e).encoded(json);
    }
  }

  private Answer help() {
    return new Answer.Table(List.of("command", "does"),
        all().stream().map(command -> List.of(command.name(), command.help())).toList());
  }

  private List<Command> all() {
    List<Command> all = new ArrayList<>(fixed);
    all.addAll(offered.get());
    all.sort(Comparator.comparing(Command::name));
    return all;
  }
}
