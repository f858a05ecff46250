package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.BroadcastCodecs;
import dev.tenon.codec.InvalidDataException;

/// Why a message or an attempt of one's own was dropped. The names are the reference's error classes, where it
/// has one.
enum Refusal {
  MALFORMED,
  PEER_MISMATCH,
  UNKNOWN_SEQUENCER,
  UNKNOWN_SCHEME,
  UNKNOWN_VALIDATOR,
  NOT_SIGNER,
  SIGNING_OFF,
  ACKED_BEFORE_RECOVERY,
  CHUNK_HEIGHT_TOO_LOW,
  CHUNK_MISMATCH,
  INVALID_SEQUENCER_SIGNATURE,
  INVALID_CERTIFICATE,
  INVALID_ACK_SIGNATURE,
  ACK_EPOCH_OUTSIDE_BOUNDS,
  ACK_HEIGHT_OUTSIDE_BOUNDS,
  JOURNAL_NOT_READY,
  APP_VERIFIED_NO_TIP,
  APP_VERIFIED_HEIGHT_MISMATCH,
  APP_VERIFIED_PAYLOAD_MISMATCH,
  I_AM_NOT_A_SEQUENCER,
  NOTHING_TO_REBROADCAST,
  ALREADY_CERTIFIED,
  MISSING_CERTIFICATE,
  CONTEXT_SEQUENCER,
  CONTEXT_HEIGHT;

  /// Why a message could not be read.
  static Refusal of(InvalidDataException e) {
    return e.context().equals(BroadcastCodecs.UNKNOWN_EPOCH) ? UNKNOWN_SCHEME : MALFORMED;
  }
}
