package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private final Commands commands = new Commands(
      List.of(new Command("echo", "says it again", words -> new Answer.Lines(words)),
          new Command("fail", "fails", words -> {
            throw new IllegalStateException("gone");
          })),
      () -> List.of(new Command("tips", "shows tips", words -> new Answer.Table(List.of("sequencer", "height"),
          List.of(List.of("a\"b", "7"), List.of("c", "10"))))));

  @Test
  void answersWithTheWords() {
    assertThat(commands.run(" echo  a b ")).isEqualTo("ok\na\nb\n");
    assertThat(commands.run("echo --json a")).isEqualTo("ok\n[\"a\"]\n");
  }

  @Test
  void alignsATable() {
    assertThat(commands.run("tips")).isEqualTo("ok\nsequencer  height\na\"b        7\nc          10\n");
  }

  @Test
  void writesATableAsObjects() {
    assertThat(commands.run("tips --json"))
        .isEqualTo("ok\n[{\"sequencer\":\"a\\\"b\",\"height\":\"7\"},{\"sequencer\":\"c\",\"height\":\"10\"}]\n");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(commands.run("")).startsWith("error no command");
    assertThat(commands.run("nothing")).startsWith("error unknown command 'nothing'");
  }

  @Test
  void tellsInOneLineThatACommandFailed() {
    assertThat(commands.run("fail")).startsWith("error fail failed").hasLineCount(1);
  }

  @Test
  void listsOfferedCommandsToo() {
    assertThat(commands.run("help")).contains("echo", "tips", "shows tips");
  }
}
