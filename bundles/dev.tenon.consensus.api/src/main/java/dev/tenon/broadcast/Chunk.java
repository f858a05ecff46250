package dev.tenon.broadcast;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;

/// The unit that is ordered: `key ‖ varint height ‖ 32 bytes payload`.
///
/// @param sequencer whose chain
/// @param height the place in it
/// @param payload names the bytes that are broadcast
public record Chunk(PublicKey sequencer, Height height, Digest payload) {
  /// What an ack signs: `chunk ‖ varint epoch`.
  ///
  /// @param codec of chunks
  /// @param epoch of the vote
  /// @return the message, without framing
  public Bytes ackMessage(Codec<Chunk> codec, Epoch epoch) {
    return codec.encode(this).concat(Epoch.CODEC.encode(epoch));
  }
}
