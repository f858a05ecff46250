package dev.tenon.consensus;

import dev.tenon.codec.Codec;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;

/// A view of an epoch: `varint epoch ‖ varint view`.
///
/// @param epoch the period
/// @param view the attempt
public record Round(Epoch epoch, View view) {
  /// The wire form.
  public static final Codec<Round> CODEC = new Codec<>() {
    @Override
    public int size(Round value) {
      return Epoch.CODEC.size(value.epoch) + View.CODEC.size(value.view);
    }

    @Override
    public void write(Round value, Writer to) {
      Epoch.CODEC.write(value.epoch, to);
      View.CODEC.write(value.view, to);
    }

    @Override
    public Round read(Reader from) {
      return new Round(Epoch.CODEC.read(from), View.CODEC.read(from));
    }
  };
}
