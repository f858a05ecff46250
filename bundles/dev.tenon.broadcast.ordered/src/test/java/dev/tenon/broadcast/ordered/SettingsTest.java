package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static Settings settings(int messageBytesMax) {
    return new Settings("v0", "e", Bytes.EMPTY, "broadcast", "", 64, 1, 1, 2, 1_000, 10, false, false, messageBytesMax);
  }

  @Test
  void aMessageThatFitsIntoNoItemIsRefusedWithBothFigures() {
    assertThatThrownBy(() -> settings(8_193).fit(8_192)).isInstanceOf(ConfigException.class)
        .hasMessageContaining("messageBytesMax=8193").hasMessageContaining("8192").hasMessageContaining("itemBytesMax");
    assertThatCode(() -> settings(8_192).fit(8_192)).doesNotThrowAnyException();
  }

  private static Optional<String> elsewhere(String prefix, boolean proposes, String... names) {
    return new Settings("v0", "e", Bytes.EMPTY, "broadcast", prefix, 64, 1, 1, 2, 1_000, 10, false, false, 1_024)
        .elsewhere(List.of(names), "aa", proposes);
  }

  /// Journals of other engines in the same store, and of an engine that begins, stand in nobody's way.
  @Test
  void onlyJournalsOfTheOwnKeyUnderAnotherPrefixAreRefused() {
    String standard = Settings.standardPrefix("aa");
    String others = Settings.standardPrefix("bb");
    for (boolean proposes : List.of(true, false)) {
      assertThat(elsewhere("x-", proposes)).isEmpty();
      assertThat(elsewhere("x-", proposes, others + "aa", others + "bb", others + "bb-intent", "y-aa")).isEmpty();
      assertThat(elsewhere("x-", proposes, standard + "bb")).isPresent();
      assertThat(elsewhere(standard, proposes, standard + "bb")).isEmpty();
      assertThat(elsewhere(standard, proposes, "x-bb", "x-aa-intent")).hasValueSatisfying(refusal -> assertThat(refusal)
          .startsWith("journalPrefix=" + standard + " is not accepted").endsWith("x-aa-intent"));
      assertThat(elsewhere("x-", proposes, standard + "aa-intent", "x-aa", "x-aa-intent")).isEmpty();
    }
    assertThat(elsewhere("x-", true, standard + "aa-intent", "x-bb")).as("another engine's").isPresent();
    assertThat(elsewhere("x-", false, standard + "bb", "x-bb")).isEmpty();
    assertThat(elsewhere("ordered-broadcast-seq-", true, standard + "aa", standard + "aa-intent")).isPresent();
  }

  @Test
  void whereTheJournalsAreIsNotChangedLive() {
    var check = new JournalsCheck(Map.of("service.pid", "dev.tenon.broadcast.ordered~e", "journalPrefix", "y-"));
    assertThat(check.pid()).isEqualTo("dev.tenon.broadcast.ordered~e");
    assertThat(check.refusal("journalPrefix", "x-")).isPresent();
    assertThat(check.refusal("journalPrefix", "")).isPresent();
    assertThat(check.refusal("journals.target", "(tenon.slot=other)")).isPresent();
    assertThat(check.refusal("journalPrefix", "y-")).isEmpty();
    assertThat(check.refusal("heightBound", 3)).isEmpty();
  }

  @Test
  void beforeAProviderHasServedEveryMessageMayFit() {
    assertThatCode(() -> settings(16_777_216).fit(Integer.MAX_VALUE)).doesNotThrowAnyException();
  }
}
