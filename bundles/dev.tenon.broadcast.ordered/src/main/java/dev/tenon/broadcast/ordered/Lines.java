package dev.tenon.broadcast.ordered;

import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Monitor;
import dev.tenon.crypto.PublicKey;
import dev.tenon.p2p.Channel;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Offer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What binds an engine to others: its two channels and the subscription of epochs. Apart from the engine, because one
/// that has failed cannot close anything any more; its component does. Any thread.
final class Lines implements AutoCloseable {
  private record Open(Channel nodes, Channel acks, Monitor.Subscription epochs) {}

  private final Intake intake = new Intake();
  private final AtomicReference<@Nullable Open> open = new AtomicReference<>();

  /// What has arrived and waits for the engine.
  Intake intake() {
    return intake;
  }

  /// Opens all, or, where that throws, nothing.
  ///
  /// @param self where messages and epochs go
  void open(Settings settings, Collaborators peers, Mailbox<Message> self) {
    Monitor.Subscription epochs = peers.monitor().subscribe(epoch -> {
      var unused = self.offer(new Message.EpochChanged(epoch)); // of several the newest stays
    });
    Channel nodes = null;
    boolean done = false;
    try {
      nodes = peers.transport().channel(peers.self(), settings.channel() + "-nodes",
          settings.messageBytesMax(), received -> tell(self, intake.putNode(received)));
      Channel acks = peers.transport().channel(peers.self(), settings.channel() + "-acks",
          settings.messageBytesMax(), received -> tell(self, intake.putAck(received)));
      open.set(new Open(nodes, acks, epochs));
      done = true;
    } finally {
      if (!done) {
        epochs.close();
        if (nodes != null) {
          nodes.close();
        }
      }
    }
  }

  private static Offer tell(Mailbox<Message> engine, Offer kept) {
    return kept != Offer.REJECTED && engine.offer(new Message.Arrived()) == Offer.CLOSED ? Offer.CLOSED : kept;
  }

  void sendNode(Bytes message, List<PublicKey> recipients, boolean priority) {
    Open lines = open.get();
    if (lines != null) {
      var unused = lines.nodes.send(recipients, message, priority); // what is lost is asked for again by repetition
    }
  }

  void sendAck(Bytes message, List<PublicKey> recipients, boolean priority) {
    Open lines = open.get();
    if (lines != null) {
      var unused = lines.acks.send(recipients, message, priority); // the same
    }
  }

  /// Closes all that is open. Idempotent.
  @Override
  public void close() {
    Open lines = open.getAndSet(null);
    if (lines != null) {
      lines.epochs.close();
      lines.nodes.close();
      lines.acks.close();
    }
  }
}
