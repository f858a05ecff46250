package dev.tenon.devnet;

import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Monitor;
import dev.tenon.consensus.SequencersProvider;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.certificate.Participants;
import dev.tenon.crypto.certificate.SchemeProvider;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Who validates and who sequences, and in which epoch: the same keys in every epoch. An epoch is registered with the
/// schemes of all nodes before any of them hears of it. Any thread.
final class Committee implements Monitor, SequencersProvider {
  /// One node's part.
  ///
  /// @param validator signs its acks
  /// @param sequencers the peer keys of the sequencers it hosts
  /// @param schemes where its epochs are registered
  record Member(SignerHandle validator, List<PublicKey> sequencers, SchemeProvider schemes) {}

  private final int size;
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<Object, Consumer<Epoch>> listeners = new LinkedHashMap<>();
  /// Those that chunks, acks and the certificates of parents may still name. Ascending; the last is the current one.
  private List<Epoch> epochs;
  private Optional<Participants> sequencers = Optional.empty();

  /// @param size how many nodes make it complete
  /// @param epochs ascending, at least one: the current one is the last
  Committee(int size, List<Epoch> epochs) {
    this.size = size;
    this.epochs = List.copyOf(epochs);
  }

  /// A node comes. The last one makes the committee complete: the epochs are registered with all.
  ///
  /// @return whether it is complete
  synchronized boolean join(String node, Member member) {
    members.put(node, member);
    sequencers = sequencersOfAll();
    if (members.size() == size) {
      epochs.forEach(this::register);
    }
    return members.size() == size;
  }

  /// A node goes; its keys stay in the sets, so that the others go on without it.
  synchronized void leave(String node, SchemeProvider schemes) {
    Member member = members.get(node);
    if (member != null && member.schemes() == schemes && listeners.isEmpty()) {
      members.remove(node);
      sequencers = Optional.empty();
    }
  }

  /// Moves all nodes to a newer epoch.
  ///
  /// @return false if it is not newer
  synchronized boolean advance(Epoch next) {
    if (next.compareTo(current()) <= 0) {
      return false;
    }
    epochs = with(next);
    if (members.size() == size) {
      register(next);
    }
    listeners.values().forEach(listener -> listener.accept(next));
    return true;
  }

  /// Why an epoch would not be taken. Nobody may go back: engines would refuse what they signed themselves.
  ///
  /// @param epoch a number, or text that is one
  Optional<String> refusal(Object epoch) {
    String text = epoch.toString();
    long now = current().value();
    if (!text.matches("0*[0-9]{1,19}") || new BigInteger(text).bitLength() > 63) {
      return Optional.of("an epoch is 0 to " + Long.MAX_VALUE);
    }
    return Long.parseLong(text) < now ? Optional.of("an epoch cannot be lowered, it is " + now + " now")
        : Optional.empty();
  }

  /// The epochs that are known once a newer one is announced. How much newer it is does not matter: a chain goes on
  /// from a parent of the one before.
  synchronized List<Epoch> with(Epoch next) {
    List<Epoch> all = new ArrayList<>(epochs);
    all.add(next);
    return List.copyOf(all.subList(Math.max(0, all.size() - EpochFile.EPOCHS_KEPT), all.size()));
  }

  /// The number of a sequencer, from 0; -1 for a stranger. Keys never change, so neither do numbers.
  synchronized int number(PublicKey sequencer) {
    return sequencers.map(set -> set.indexOf(sequencer)).orElse(-1);
  }

  @Override
  public synchronized Epoch current() {
    return epochs.getLast();
  }

  @Override
  public synchronized Subscription subscribe(Consumer<Epoch> changed) {
    var key = new Object();
    listeners.put(key, changed);
    return () -> {
      synchronized (this) {
        listeners.remove(key);
      }
    };
  }

  @Override
  public synchronized Optional<Participants> sequencers(Epoch asked) {
    return epochs.contains(asked) ? sequencers : Optional.empty();
  }

  private Optional<Participants> sequencersOfAll() {
    if (members.size() < size) {
      return Optional.empty();
    }
    var keys = new ArrayList<PublicKey>();
    members.values().forEach(member -> keys.addAll(member.sequencers()));
    return Optional.of(Participants.of(keys));
  }

  private void register(Epoch next) {
    Participants validators =
        Participants.of(members.values().stream().map(member -> member.validator().publicKey()).toList());
    for (Member member : members.values()) {
      member.schemes().register(next.value(), validators, Optional.of(member.validator()));
      member.schemes().forgetBefore(epochs.getFirst().value());
    }
  }
}
