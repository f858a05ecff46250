package dev.tenon.broadcast;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Codec;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.InvalidDataException.Rule;
import dev.tenon.codec.Reader;
import dev.tenon.codec.Writer;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.certificate.Attestation;
import dev.tenon.crypto.certificate.Certificate;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/// The wire forms of this package for one choice of keys and certificate scheme.
///
/// @param keySize of a sequencer's key, in bytes
/// @param signatureSize of a sequencer's signature, in bytes
/// @param isKey whether bytes are a key; others are refused as [Rule#WRAPPED]
/// @param attestations the scheme's votes
/// @param certificates by epoch, the scheme's certificates; empty for an epoch that is not known, which is refused as
///     [Rule#WRAPPED]
public record BroadcastCodecs(int keySize, int signatureSize, Predicate<Bytes> isKey, Codec<Attestation> attestations,
    LongFunction<Optional<Codec<Certificate>>> certificates) {
  /// The context of the exception that refuses a certificate of an epoch that is not known: nothing is wrong with the
  /// bytes, and later they may be read.
  public static final String UNKNOWN_EPOCH = "epoch of Certificate";

  /// The wire form of a chunk.
  ///
  /// @return its codec
  public Codec<Chunk> chunk() {
    return new Codec<>() {
      @Override
      public int size(Chunk value) {
        return keySize + Height.CODEC.size(value.height()) + Digest.SIZE;
      }

      @Override
      public void write(Chunk value, Writer to) {
        to.raw(value.sequencer().bytes());
        Height.CODEC.write(value.height(), to);
        Digest.CODEC.write(value.payload(), to);
      }

      @Override
      public Chunk read(Reader from) {
        Bytes key = from.raw(keySize, "PublicKey");
        if (!isKey.test(key)) {
          throw from.fail(Rule.WRAPPED, "PublicKey", 0, "no key has this encoding");
        }
        return new Chunk(new PublicKey(key), Height.CODEC.read(from), Digest.CODEC.read(from));
      }
    };
  }

  /// The wire form of a parent part.
  ///
  /// @return its codec
  public Codec<Parent> parent() {
    return new Codec<>() {
      @Override
      public int size(Parent value) {
        return Digest.SIZE + Epoch.CODEC.size(value.epoch()) + value.certificate().encoded().size();
      }

      @Override
      public void write(Parent value, Writer to) {
        Digest.CODEC.write(value.digest(), to);
        Epoch.CODEC.write(value.epoch(), to);
        to.raw(value.certificate().encoded());
      }

      @Override
      public Parent read(Reader from) {
        Digest digest = Digest.CODEC.read(from);
        Epoch epoch = Epoch.CODEC.read(from);
        return new Parent(digest, epoch, certificate(epoch, from));
      }
    };
  }

  /// The wire form of a node. Reading leaves what follows it: the network path tolerates trailing bytes.
  ///
  /// @return its codec
  public Codec<Node> node() {
    Codec<Chunk> chunks = chunk();
    Codec<Parent> parents = parent();
    return new Codec<>() {
      @Override
      public int size(Node value) {
        return chunks.size(value.chunk()) + signatureSize + 1 + value.parent().map(parents::size).orElse(0);
      }

      @Override
      public void write(Node value, Writer to) {
        chunks.write(value.chunk(), to);
        to.raw(value.signature().bytes());
        to.bool(value.parent().isPresent());
        value.parent().ifPresent(parent -> parents.write(parent, to));
      }

      @Override
      public Node read(Reader from) {
        Chunk chunk = chunks.read(from);
        var signature = new Signature(from.raw(signatureSize, "Signature"));
        Optional<Parent> parent = from.bool() ? Optional.of(parents.read(from)) : Optional.empty();
        if (chunk.height().value() == 0 && parent.isPresent()) {
          throw from.fail(Rule.WRAPPED, "Node", 0, "the genesis has a parent");
        }
        if (chunk.height().value() != 0 && parent.isEmpty()) {
          throw from.fail(Rule.WRAPPED, "Node", 0, "the parent is missing");
        }
        return new Node(chunk, signature, parent);
      }
    };
  }

  /// The wire form of an ack.
  ///
  /// @return its codec
  public Codec<Ack> ack() {
    Codec<Chunk> chunks = chunk();
    return new Codec<>() {
      @Override
      public int size(Ack value) {
        return chunks.size(value.chunk()) + Epoch.CODEC.size(value.epoch()) + attestations.size(value.attestation());
      }

      @Override
      public void write(Ack value, Writer to) {
        chunks.write(value.chunk(), to);
        Epoch.CODEC.write(value.epoch(), to);
        attestations.write(value.attestation(), to);
      }

      @Override
      public Ack read(Reader from) {
        return new Ack(chunks.read(from), Epoch.CODEC.read(from), attestations.read(from));
      }
    };
  }

  /// The wire form of a proposal.
  ///
  /// @return its codec
  public Codec<Proposal> proposal() {
    Codec<Chunk> chunks = chunk();
    return new Codec<>() {
      @Override
      public int size(Proposal value) {
        return chunks.size(value.chunk()) + signatureSize;
      }

      @Override
      public void write(Proposal value, Writer to) {
        chunks.write(value.chunk(), to);
        to.raw(value.signature().bytes());
      }

      @Override
      public Proposal read(Reader from) {
        return new Proposal(chunks.read(from), new Signature(from.raw(signatureSize, "Signature")));
      }
    };
  }

  /// The wire form of a lock.
  ///
  /// @return its codec
  public Codec<Lock> lock() {
    Codec<Chunk> chunks = chunk();
    return new Codec<>() {
      @Override
      public int size(Lock value) {
        return chunks.size(value.chunk()) + Epoch.CODEC.size(value.epoch()) + value.certificate().encoded().size();
      }

      @Override
      public void write(Lock value, Writer to) {
        chunks.write(value.chunk(), to);
        Epoch.CODEC.write(value.epoch(), to);
        to.raw(value.certificate().encoded());
      }

      @Override
      public Lock read(Reader from) {
        Chunk chunk = chunks.read(from);
        Epoch epoch = Epoch.CODEC.read(from);
        return new Lock(chunk, epoch, certificate(epoch, from));
      }
    };
  }

  /// The wire form of an activity.
  ///
  /// @return its codec
  public Codec<Activity> activity() {
    Codec<Proposal> proposals = proposal();
    Codec<Lock> locks = lock();
    return new Codec<>() {
      @Override
      public int size(Activity value) {
        return 1 + switch (value) {
          case Activity.Tip(var proposal) -> proposals.size(proposal);
          case Activity.Locked(var lock) -> locks.size(lock);
        };
      }

      @Override
      public void write(Activity value, Writer to) {
        switch (value) {
          case Activity.Tip(var proposal) -> {
            to.u8(0);
            proposals.write(proposal, to);
          }
          case Activity.Locked(var lock) -> {
            to.u8(1);
            locks.write(lock, to);
          }
        }
      }

      @Override
      public Activity read(Reader from) {
        int tag = from.u8();
        return switch (tag) {
          case 0 -> new Activity.Tip(proposals.read(from));
          case 1 -> new Activity.Locked(locks.read(from));
          default -> throw from.fail(Rule.INVALID, "Activity", tag, "has no case " + tag);
        };
      }
    };
  }

  private Certificate certificate(Epoch epoch, Reader from) throws InvalidDataException {
    return certificates.apply(epoch.value())
        .orElseThrow(() -> from.fail(Rule.WRAPPED, UNKNOWN_EPOCH, epoch.value(), epoch + " is not known"))
        .read(from);
  }
}
