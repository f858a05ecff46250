package dev.tenon.sim;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.network.Frame;
import dev.tenon.runtime.network.Link;
import dev.tenon.runtime.network.Network;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// The links between all nodes, and their faults. Its setters change the shape of all links between two nodes; links
/// within one node are quick and lose nothing.
public final class SimNetwork {
  private final Loop loop;
  private final Rng rng;
  private final LinkShape standard = new LinkShape();
  private final LinkShape within = new LinkShape().latency(Duration.ofNanos(20_000), Duration.ofNanos(15_000));
  private final TreeMap<String, LinkShape> shapes = new TreeMap<>();
  private final TreeMap<String, Wire> wires = new TreeMap<>();
  private final TreeMap<Address, Port> ports = new TreeMap<>();
  private final TreeSet<String> cuts = new TreeSet<>();
  private final TreeMap<String, Integer> sides = new TreeMap<>();
  private long lost;
  private long refused;

  SimNetwork(Loop loop) {
    this.loop = loop;
    rng = new Rng(loop.seed, "network");
  }

  /// As [LinkShape#latency], for all links between nodes that have no shape of their own.
  ///
  /// @param mean of the time under way
  /// @param jitter at most so much less or more
  /// @return this
  public SimNetwork latency(Duration mean, Duration jitter) {
    standard.latency(mean, jitter);
    return this;
  }

  /// As [LinkShape#loss].
  ///
  /// @param probability that a frame never arrives
  /// @return this
  public SimNetwork loss(double probability) {
    standard.loss(probability);
    return this;
  }

  /// As [LinkShape#duplicate].
  ///
  /// @param probability that a frame arrives twice
  /// @return this
  public SimNetwork duplicate(double probability) {
    standard.duplicate(probability);
    return this;
  }

  /// As [LinkShape#reorder].
  ///
  /// @param probability that a frame does not keep its place
  /// @return this
  public SimNetwork reorder(double probability) {
    standard.reorder(probability);
    return this;
  }

  /// As [LinkShape#bandwidth].
  ///
  /// @param bytes a second; 0 is without limit
  /// @param frames at most so many wait or are under way
  /// @return this
  public SimNetwork bandwidth(long bytes, int frames) {
    standard.bandwidth(bytes, frames);
    return this;
  }

  /// @param from a node
  /// @param to another
  /// @return the shape of that direction alone, from now on its own
  public LinkShape link(SimNode from, SimNode to) {
    return shapes.computeIfAbsent(way(from.name(), to.name()), way -> new LinkShape(standard));
  }

  /// Cuts one direction. What is under way is lost.
  ///
  /// @param from a node
  /// @param to another
  /// @return this
  public SimNetwork cut(SimNode from, SimNode to) {
    cuts.add(way(from.name(), to.name()));
    return this;
  }

  /// Splits the world: these nodes reach each other, all others reach each other. What crosses is lost.
  ///
  /// @param side one side
  /// @return this
  public SimNetwork partition(Collection<SimNode> side) {
    sides.replaceAll((name, number) -> 0);
    side.forEach(node -> sides.put(node.name(), 1));
    return this;
  }

  /// Ends all cuts and partitions.
  ///
  /// @return this
  public SimNetwork heal() {
    cuts.clear();
    sides.replaceAll((name, number) -> 0);
    return this;
  }

  /// @return frames that never arrived
  public long lost() {
    return lost;
  }

  /// @return frames that arrived at a full mailbox
  public long refused() {
    return refused;
  }

  void know(SimNode node) {
    sides.put(node.name(), 0);
  }

  Network of(Incarnation incarnation) {
    return (self, channel, received) -> link(incarnation, self, channel, received);
  }

  void unlink(Incarnation incarnation) {
    ports.values().removeIf(port -> port.incarnation == incarnation);
  }

  private Link link(Incarnation incarnation, PeerId self, String channel, Function<Frame, Offer> received) {
    if (incarnation.hasEnded()) {
      throw new Stopped(incarnation.name() + " has ended");
    }
    loop.call();
    Address address = new Address(self, channel);
    Check.that(!ports.containsKey(address), "one living link a peer and channel: " + channel);
    Port port = new Port(incarnation, address, received);
    ports.put(address, port);
    return port;
  }

  private boolean reaches(String from, String to) {
    return from.equals(to)
        || (!cuts.contains(way(from, to)) && sides.getOrDefault(from, 0).equals(sides.getOrDefault(to, 0)));
  }

  private static String way(String from, String to) {
    return from + ">" + to;
  }

  private record Address(PeerId peer, String channel) implements Comparable<Address> {
    @Override
    public int compareTo(Address other) {
      int byChannel = channel.compareTo(other.channel);
      return byChannel != 0 ? byChannel : peer.compareTo(other.peer);
    }
  }

  private record Parcel(Port from, Port to, Bytes bytes) {}

  /// One peer's end of a channel, in one incarnation.
  private final class Port implements Link {
    private final Incarnation incarnation;
    private final Address address;
    private final Function<Frame, Offer> received;

    Port(Incarnation incarnation, Address address, Function<Frame, Offer> received) {
      this.incarnation = incarnation;
      this.address = address;
      this.received = received;
    }

    @Override
    public Offer send(PeerId to, Bytes frame, Urgency urgency) {
      loop.call();
      if (ports.get(address) != this) {
        return Offer.CLOSED;
      }
      Port target = ports.get(new Address(to, address.channel));
      if (target == null) {
        return Offer.CLOSED;
      }
      if (target == this) {
        return Offer.OK;
      }
      Wire wire = wires.computeIfAbsent(way(incarnation.name(), target.incarnation.name()),
          way -> new Wire(incarnation.name(), target.incarnation.name()));
      int load = wire.load++;
      if (load >= wire.shape().queueFrames()) {
        wire.load--;
        return Offer.REJECTED;
      }
      Parcel parcel = new Parcel(this, target, frame);
      loop.emit(() -> wire.enter(parcel, urgency), () -> wire.load--);
      return (load + 1) * 4L > wire.shape().queueFrames() * 3L ? Offer.BACKOFF : Offer.OK;
    }

    @Override
    public void close() {
      loop.call();
      ports.remove(address, this);
    }

    /// A frame that was under way when its sender crashed still arrives, until the sender has linked anew.
    private void arrive(Parcel parcel) {
      Port now = ports.get(parcel.from.address);
      boolean renewed = now != null && now != parcel.from;
      if (ports.get(address) != this || renewed || !reaches(parcel.from.incarnation.name(), incarnation.name())) {
        lost++;
        return;
      }
      Offer offer = received.apply(new Frame(parcel.from.address.peer(), parcel.bytes));
      if (offer == Offer.REJECTED) {
        refused++;
      }
    }
  }

  /// One direction between two nodes.
  private final class Wire {
    private final String from;
    private final String to;
    private final List<ArrayDeque<Parcel>> queues = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private int load;
    private boolean sending;
    private long lastArrivalNs;

    Wire(String from, String to) {
      this.from = from;
      this.to = to;
    }

    LinkShape shape() {
      return from.equals(to) ? within : shapes.getOrDefault(way(from, to), standard);
    }

    void enter(Parcel parcel, Urgency urgency) {
      if (shape().sendingNs(1) == 0 && !sending) {
        depart(parcel);
        return;
      }
      queues.get(urgency == Urgency.PRIORITY ? 0 : 1).add(parcel);
      if (!sending) {
        sendNext();
      }
    }

    private void sendNext() {
      Parcel parcel = queues.get(0).poll();
      if (parcel == null) {
        parcel = queues.get(1).poll();
      }
      sending = parcel != null;
      if (parcel != null) {
        Parcel next = parcel;
        loop.add(new Event(null) {
          @Override
          void fire() {
            depart(next);
            sendNext();
          }
        }, loop.nowNs + shape().sendingNs(parcel.bytes.size()));
      }
    }

    private void depart(Parcel parcel) {
      LinkShape shape = shape();
      boolean doubled = rng.happens(shape.duplicate());
      if (rng.happens(shape.loss()) || !reaches(from, to)) {
        load--;
        lost++;
        return;
      }
      long arrivalNs = loop.nowNs + shape.latencyNs(rng);
      if (rng.happens(shape.reorder())) {
        arrivalNs += rng.between(0, 2 * shape.latencyNs(rng));
      } else {
        arrivalNs = Math.max(arrivalNs, lastArrivalNs + 1);
        lastArrivalNs = arrivalNs;
      }
      arriveAt(parcel, arrivalNs, true);
      if (doubled) {
        arriveAt(parcel, loop.nowNs + shape.latencyNs(rng), false);
      }
    }

    private void arriveAt(Parcel parcel, long timeNs, boolean counted) {
      loop.add(new Event(null) {
        @Override
        void fire() {
          if (counted) {
            load--;
          }
          parcel.to.arrive(parcel);
        }
      }, timeNs);
    }
  }
}
