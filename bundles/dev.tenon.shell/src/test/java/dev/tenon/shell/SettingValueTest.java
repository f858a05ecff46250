package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingValueTest {
  @Test
  void readsNumbersAndTruthValuesAndLeavesAllElseAsText() {
    assertThat(SettingValue.parse("5")).isEqualTo(5L);
    assertThat(SettingValue.parse("-5")).isEqualTo(-5L);
    assertThat(SettingValue.parse("0.5")).isEqualTo(0.5);
    assertThat(SettingValue.parse("true")).isEqualTo(true);
    for (String text : List.of("", "05", "5 ", "1e3", "TRUE", "(a=b)", "9".repeat(19))) {
      assertThat(SettingValue.parse(text)).as(text).isEqualTo(text);
    }
  }

  @Test
  void quotesTextThatWouldBeReadAsSomethingElse() {
    assertThat(SettingValue.text("5")).isEqualTo("\"5\"");
    assertThat(SettingValue.text("true")).isEqualTo("\"true\"");
    assertThat(SettingValue.text("[1]")).isEqualTo("\"[1]\"");
    assertThat(SettingValue.text("null")).isEqualTo("\"null\"");
    assertThat(SettingValue.text("(a=b)")).isEqualTo("(a=b)");
    assertThat(SettingValue.text(5L)).isEqualTo("5");
    assertThat(SettingValue.text(new String[] {"a", "\""})).isEqualTo("[\"a\",\"\\\"\"]");
    assertThat(SettingValue.text(List.of(1L, true))).isEqualTo("[1,true]");
  }
}
