package dev.tenon.broadcast.ordered;

import dev.tenon.broadcast.Automaton;
import dev.tenon.broadcast.Relay;
import dev.tenon.broadcast.Reporter;
import dev.tenon.consensus.Monitor;
import dev.tenon.consensus.SequencersProvider;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureVerifier;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.SchemeProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.p2p.Transport;
import dev.tenon.runtime.Runtime;
import java.util.List;
import java.util.Optional;

/// Whom one engine works with.
///
/// @param runtime the node's
/// @param journals where nodes are kept
/// @param schemes the validators by epoch
/// @param transport carries nodes and acks
/// @param automaton the application
/// @param relay spreads payloads
/// @param reporters hear of tips and locks; may change while the engine runs
/// @param monitor announces epochs
/// @param sequencers the sequencers by epoch
/// @param algorithm of the sequencers' keys
/// @param verifier checks the sequencers' signatures, in batches with what others ask
/// @param self the engine's peer key
/// @param signer the sequencer's key; empty for an engine that proposes nothing
record Collaborators(Runtime runtime, JournalStore journals, SchemeProvider schemes, Transport transport,
    Automaton automaton, Relay relay, List<Reporter> reporters, Monitor monitor, SequencersProvider sequencers,
    SignatureAlgorithm algorithm, SignatureVerifier verifier, PublicKey self, Optional<SignerHandle> signer) {}
