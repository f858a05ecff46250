package dev.tenon.broadcast.ordered;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.ConfigException;
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

  @Test
  void beforeAProviderHasServedEveryMessageMayFit() {
    assertThatCode(() -> settings(16_777_216).fit(Integer.MAX_VALUE)).doesNotThrowAnyException();
  }
}
