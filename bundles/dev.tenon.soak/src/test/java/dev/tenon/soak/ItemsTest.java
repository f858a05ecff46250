package dev.tenon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.codec.Bytes;
import org.junit.jupiter.api.Test;

/// Items say which they are, and that they were spoiled.
class ItemsTest {
  @Test
  void everyByteCounts() {
    Bytes item = Bytes.of(Items.make("w", 12_345, 64));
    assertThat(Items.number("w", item)).isEqualTo(12_345);
    assertThat(Items.number("v", item)).isEqualTo(Items.SPOILED);
    assertThat(Items.number("w", item.slice(0, Items.HEAD_BYTES - 1))).isEqualTo(Items.SPOILED);
    for (int at = 0; at < item.size(); at++) {
      byte[] spoiled = item.toArray();
      spoiled[at] ^= 1;
      assertThat(Items.number("w", Bytes.wrap(spoiled))).as("byte %d", at).isNotEqualTo(12_345);
    }
  }
}
