package dev.tenon.handover;

import dev.tenon.codec.ConfigException;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.Waiter;
import dev.tenon.slot.HandoverOutcome;
import dev.tenon.slot.QueuedRole;
import dev.tenon.slot.SlotControl;
import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotState;
import dev.tenon.slot.SlotStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.AnyService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The adapter to OSGi: what comes and goes becomes a message to the conductors. A callback posts and waits at most 2
/// s, or 5 s where a provider that goes is handed over from first, for all that it concerns together; it assumes no
/// order among binds, unbinds and deactivation.
///
/// At once, because the conductors have to see every provider that comes, whoever asks for a slot.
@Component(name = "dev.tenon.handover", immediate = true, service = {SlotControl.class, HandoverComponent.class})
public final class HandoverComponent implements SlotControl {
  /// How long a callback waits.
  static final long CALLBACK_MS_MAX = 2_000;
  /// How long an operator waits for an answer that the slot has to find out, or for a write. Whoever brings him the
  /// answer waits for 10 s.
  private static final long ANSWER_MS_MAX = 8_000;
  private static final String NOT_WRITTEN =
      " has not written it within 8 s: that goes on, and ./tenon slots and the log tell how it ends";

  private static final String FORMER_SLOTS =
      "slots of an earlier start have not ended: a write of theirs has not returned";

  private static final Logger log = LoggerFactory.getLogger(HandoverComponent.class);

  /// @param node the only one it serves, or empty for all
  private record Offered(long ref, String role, String provider, String node, Bundle bundle,
      ServiceReference<?> reference) {
    boolean isFor(String other) {
      return node.isEmpty() || node.equals(other);
    }
  }

  private record Node(Runtime runtime, NodeSlots slots) {}

  /// A node whose conductor of an earlier start has not ended.
  private record Pending(Runtime runtime, long sinceNs, Mailbox<FormerConductor.Message> waits) {
    SlotStatus status(SlotWish wish) {
      boolean late = runtime.clock().monotonicNs() - sinceNs > wish.limits().operationDeadlineMs() * 1_000_000;
      return absent(wish, late ? SlotState.FAILED : SlotState.RECOVERING, FORMER_SLOTS);
    }
  }

  private final BundleContext context;
  private final Bundle framework;
  private final Slots board = new Slots();
  /// For the fields below; held for a few instructions, never while waiting.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Pending> pending = new TreeMap<>();
  private final Map<String, QueuedRole> strategies = new TreeMap<>();
  private final Map<Long, Offered> providers = new TreeMap<>();
  private final Map<SlotName, SlotWish> wishes = new TreeMap<>();
  /// The PID of each one's configuration.
  private final Map<SlotName, String> wishers = new TreeMap<>();
  private boolean stopped;

  /// Takes the bundle's context: facades are registered, and providers taken, in its name.
  ///
  /// @param context of this bundle
  @Activate
  public HandoverComponent(BundleContext context) {
    this.context = context;
    this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
  }

  @Override
  public List<SlotStatus> slots() {
    List<SlotStatus> all = new ArrayList<>(board.slots());
    Set<SlotName> shown = all.stream().map(SlotStatus::name).collect(Collectors.toSet());
    List<SlotWish> former = new ArrayList<>();
    Map<String, Pending> waiting;
    lock.lock();
    try {
      waiting = new TreeMap<>(pending);
      for (SlotWish wish : wishes.values()) {
        String missing = missing(wish.name());
        if (waiting.containsKey(wish.name().node())) {
          former.add(wish);
        } else if (!stopped && !missing.isEmpty() && !shown.contains(wish.name())) {
          all.add(absent(wish, SlotState.EMPTY, missing));
        }
      }
    } finally {
      lock.unlock();
    }
    for (SlotWish wish : former) {
      all.add(Present.of(waiting.get(wish.name().node())).status(wish));
    }
    all.sort(Comparator.comparing(SlotStatus::name));
    return List.copyOf(all);
  }

  /// What a slot cannot be made without. Under the lock.
  ///
  /// @return empty where that is there
  private String missing(SlotName name) {
    if (!nodes.containsKey(name.node())) {
      return "there is no node " + name.node();
    }
    return strategies.containsKey(name.role()) ? "" : "there is no role " + name.role();
  }

  private static SlotStatus absent(SlotWish wish, SlotState state, String reason) {
    return new SlotStatus(wish.name(), state, reason, "", 0, 0, 0, 0, wish.terms().provider(), 0,
        wish.limits().parkTimeoutMs(), "", null, HandoverOutcome.NONE, 0, "", 0, 0, false, wish.terms().pinned());
  }

  /// A node's runtime comes.
  ///
  /// @param runtime the service
  @Reference(name = "runtimes", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindRuntime(Runtime runtime) {
    long nowNs = runtime.clock().monotonicNs();
    boolean waits;
    lock.lock();
    try {
      waits = !NodeSlots.mayBegin(runtime);
      if (waits) {
        pending.put(runtime.node(),
            new Pending(runtime, nowNs, FormerConductor.await(runtime, () -> formerEnded(runtime))));
      } else {
        begin(runtime);
      }
    } finally {
      lock.unlock();
    }
    if (waits) {
      log.atWarn().addKeyValue("node", runtime.node()).log(FORMER_SLOTS);
    }
  }

  /// Under the lock.
  private void begin(Runtime runtime) {
    NodeSlots slots = new NodeSlots(runtime, new ServiceFacades(context), board);
    nodes.put(runtime.node(), new Node(runtime, slots));
    strategies.values().forEach(slots::teach);
    providers.values().stream().filter(offered -> offered.isFor(runtime.node()))
        .forEach(offered -> provide(slots, offered));
    wishes.values().stream().filter(wish -> wish.name().node().equals(runtime.node())).forEach(slots::wish);
  }

  /// The slots tell by themselves that they serve.
  private void formerEnded(Runtime runtime) {
    lock.lock();
    try {
      Pending node = pending.get(runtime.node());
      if (node != null && node.runtime() == runtime) {
        pending.remove(runtime.node());
        begin(runtime);
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave(Pending node) {
    pending.remove(node.runtime().node());
    node.waits().offer(new FormerConductor.Message.Leave());
  }

  /// It goes.
  ///
  /// @param runtime the service
  void unbindRuntime(Runtime runtime) {
    List<Node> gone = new ArrayList<>();
    lock.lock();
    try {
      Pending waiting = pending.get(runtime.node());
      if (waiting != null && waiting.runtime() == runtime) {
        leave(waiting);
      }
      Node node = nodes.get(runtime.node());
      if (node != null && node.runtime() == runtime) {
        nodes.remove(runtime.node());
        gone.add(node);
      }
    } finally {
      lock.unlock();
    }
    ask(gone, "runtime of " + runtime.node(), NodeSlots::stop);
    board.forget(runtime.node());
  }

  /// A strategy comes.
  ///
  /// @param strategy the service
  @Reference(name = "strategies", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindStrategy(QueuedRole strategy) {
    lock.lock();
    try {
      strategies.put(strategy.role(), strategy);
      nodes.values().forEach(node -> node.slots().teach(strategy));
    } finally {
      lock.unlock();
    }
  }

  /// It goes.
  ///
  /// @param strategy the service
  void unbindStrategy(QueuedRole strategy) {
    List<Node> concerned;
    lock.lock();
    try {
      if (!strategies.remove(strategy.role(), strategy)) {
        return;
      }
      concerned = List.copyOf(nodes.values());
    } finally {
      lock.unlock();
    }
    if (stopsWithAll()) {
      return;
    }
    ask(concerned, "strategy of " + strategy.role(), (slots, departure) -> slots.unteach(strategy.role(), departure));
  }

  /// A provider comes: noted by its properties, not taken.
  ///
  /// @param reference to the service
  @Reference(name = "providers", service = AnyService.class, target = "(&(tenon.role=*)(tenon.provider=*))",
      cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindProvider(ServiceReference<?> reference) {
    long ref = number(reference);
    Offered offered = new Offered(ref, text(reference, QueuedRole.ROLE), text(reference, QueuedRole.PROVIDER),
        Objects.toString(reference.getProperty(Runtime.NODE), ""), reference.getBundle(), reference);
    lock.lock();
    try {
      providers.put(ref, offered);
      nodes.values().stream().filter(node -> offered.isFor(node.runtime().node()))
          .forEach(node -> provide(node.slots(), offered));
    } finally {
      lock.unlock();
    }
  }

  /// It goes: all slots that it serves, on all nodes, are sealed side by side.
  ///
  /// @param reference to the service
  void unbindProvider(ServiceReference<?> reference) {
    long ref = number(reference);
    List<Node> concerned;
    long waitMs;
    lock.lock();
    try {
      Offered gone = providers.remove(ref);
      if (gone == null) {
        return;
      }
      concerned = List.copyOf(nodes.values());
      waitMs = waitMs(gone.role());
    } finally {
      lock.unlock();
    }
    if (stopsWithAll()) {
      return;
    }
    ask(concerned, "provider " + text(reference, QueuedRole.PROVIDER), waitMs,
        (slots, departure) -> slots.withdraw(ref, departure));
  }

  /// A slot's configuration comes or changes.
  ///
  /// @param pid of that
  /// @throws ConfigException if the slot is another configuration's, or would stand on itself
  void wish(String pid, SlotWish wish) {
    lock.lock();
    try {
      mayName(pid, wish.name());
      mayStand(wish.name(), wish.beneath());
      wishers.put(wish.name(), pid);
      wishes.put(wish.name(), wish);
      Node node = nodes.get(wish.name().node());
      if (node != null) {
        node.slots().wish(wish);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Two configurations of a slot would take turns, and the end of one would end the other's slot. Changes nothing.
  ///
  /// @throws ConfigException if the slot is another configuration's
  void mayName(String pid, SlotName name) {
    String other;
    lock.lock();
    try {
      other = wishers.getOrDefault(name, pid);
    } finally {
      lock.unlock();
    }
    if (!other.equals(pid)) {
      throw new ConfigException("dev.tenon.slot.use", name.use(),
          "no slot of another configuration: " + other + " has " + name);
    }
  }

  /// Nothing is changed by it.
  ///
  /// @throws ConfigException if the slot would stand on itself
  void mayStand(SlotName name, List<SlotName> beneath) {
    Map<SlotName, List<SlotName>> stacked = new TreeMap<>();
    lock.lock();
    try {
      wishes.values().forEach(each -> stacked.put(each.name(), each.beneath()));
    } finally {
      lock.unlock();
    }
    stacked.put(name, beneath);
    String cycle = new Stacking(stacked).cycle(name);
    if (!cycle.isEmpty()) {
      throw new ConfigException("dev.tenon.slot.beneath",
          beneath.stream().map(each -> each.role() + "/" + each.use()).toList().toString(), "no cycle: " + cycle);
    }
  }

  /// Whether somebody hears what is asked of a slot.
  ///
  /// @throws IllegalArgumentException if its node or role is not there, or its node waits for an earlier start
  void mayAsk(SlotName name) {
    Node unused = node(name);
    lock.lock();
    try {
      String missing = missing(name);
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException(missing);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Where the wish of a slot stands.
  ///
  /// @return the PID of its configuration; empty if it has none
  String pid(SlotName name) {
    lock.lock();
    try {
      return wishers.getOrDefault(name, "");
    } finally {
      lock.unlock();
    }
  }

  /// An operator waits for a provider. When this returns, what is told of the slot is about that.
  void swap(SlotName name, String provider, boolean evict) {
    ask(List.of(node(name)), "slot " + name, (slots, heard) -> slots.swap(name, provider, evict, heard));
  }

  /// What a handover would be.
  ///
  /// @throws IllegalArgumentException if there is no answer in time
  HandoverOutcome look(SlotName name, String provider) {
    return answer(name, " does not answer", (slots, reply) -> slots.look(name, provider, reply));
  }

  /// What may be done about a slot that has failed.
  ///
  /// @throws IllegalArgumentException if it is refused, or there is no answer in time
  List<String> explain(SlotName name) {
    BiConsumer<NodeSlots, Consumer<Reply>> question = (slots, reply) -> slots.explain(name, reply);
    return answer(name, " does not answer", question).orRefused();
  }

  /// Does it.
  ///
  /// @throws IllegalArgumentException if it is refused, or there is no answer in time
  List<String> recover(SlotName name, String location) {
    BiConsumer<NodeSlots, Consumer<Reply>> question = (slots, reply) -> slots.recover(name, location, reply);
    return answer(name, NOT_WRITTEN, question).orRefused();
  }

  /// Lets it be signed on again.
  ///
  /// @param generation in which the operator was shown what it holds; 0 where he is to be
  /// @throws IllegalArgumentException if it is refused, or there is no answer in time
  Reply sign(SlotName name, boolean nothingAbove, long generation) {
    BiConsumer<NodeSlots, Consumer<Reply>> question =
        (slots, reply) -> slots.sign(name, nothingAbove, generation, reply);
    Reply reply = answer(name, generation == 0 ? " does not answer" : NOT_WRITTEN, question);
    reply.orRefused();
    return reply;
  }

  /// Who is registered for the role of a slot.
  ///
  /// @return labels, `name@version`
  List<String> present(SlotName name) {
    lock.lock();
    try {
      return providers.values().stream()
          .filter(offered -> offered.role().equals(name.role()) && offered.isFor(name.node()))
          .map(offered -> Candidate.label(offered.provider(), offered.bundle().getVersion().toString())).toList();
    } finally {
      lock.unlock();
    }
  }

  private <T> T answer(SlotName name, String late, BiConsumer<NodeSlots, Consumer<T>> question) {
    Node node = node(name);
    Runtime runtime = node.runtime();
    Waiter waiter = runtime.waiter();
    AtomicReference<@Nullable T> told = new AtomicReference<>();
    question.accept(node.slots(), answer -> {
      told.set(answer);
      waiter.wake();
    });
    waiter.sleepUntil(runtime.clock().monotonicNs() + ANSWER_MS_MAX * 1_000_000);
    T answer = told.get();
    if (answer == null) {
      throw new IllegalArgumentException("slot '" + name + "'" + late);
    }
    return answer;
  }

  private Node node(SlotName name) {
    lock.lock();
    try {
      Node node = nodes.get(name.node());
      if (pending.containsKey(name.node())) {
        throw new IllegalArgumentException("node " + name.node() + " waits: " + FORMER_SLOTS);
      }
      if (node == null) {
        throw new IllegalArgumentException("there is no node " + name.node());
      }
      return node;
    } finally {
      lock.unlock();
    }
  }

  /// A slot's configuration goes. Where the bundle stops, all slots are sealed at once and waited for once.
  ///
  /// @param pid of that; nothing is done where the slot is another one's
  void unwish(String pid, SlotName name) {
    if (context.getBundle().getState() == Bundle.STOPPING) {
      stop();
      return;
    }
    List<Node> concerned = new ArrayList<>();
    lock.lock();
    try {
      if (!wishers.remove(name, pid)) {
        return;
      }
      wishes.remove(name);
      Node node = nodes.get(name.node());
      if (node != null) {
        concerned.add(node);
      }
    } finally {
      lock.unlock();
    }
    ask(concerned, "slot " + name, (slots, departure) -> slots.unwish(name, departure));
  }

  /// Seals every slot; does nothing a second time.
  @Deactivate
  void stop() {
    stopOnce();
  }

  /// Bundles of one start level stop in any order: whoever goes first with the framework, a slot is sealed before those
  /// on which it stands.
  ///
  /// @return whether all slots were sealed for that, and waited for
  private boolean stopsWithAll() {
    return framework.getState() == Bundle.STOPPING && stopOnce();
  }

  private boolean stopOnce() {
    List<Node> concerned;
    lock.lock();
    try {
      if (stopped) {
        return false;
      }
      concerned = List.copyOf(nodes.values());
      List.copyOf(pending.values()).forEach(this::leave);
      stopped = true;
    } finally {
      lock.unlock();
    }
    ask(concerned, "all slots", NodeSlots::stop);
    return true;
  }

  private void provide(NodeSlots slots, Offered offered) {
    slots.provide(offered.ref(), offered.role(), offered.provider(), offered.bundle().getSymbolicName(),
        offered.bundle().getVersion().toString(), new ServiceSource(context, offered.reference()));
  }

  /// Posts to each node and waits once for all; what is not done by then goes on by itself.
  private static void ask(List<Node> concerned, String who, BiConsumer<NodeSlots, Departure> message) {
    ask(concerned, who, CALLBACK_MS_MAX, message);
  }

  /// A provider that goes waits for longer where slots of its role are handed over before. Under the lock.
  private long waitMs(String role) {
    return wishes.values().stream()
        .filter(wish -> wish.name().role().equals(role) && wish.terms().onGone() == Terms.OnGone.MIGRATE)
        .mapToLong(wish -> wish.limits().swap().goneBudgetMs()).reduce(CALLBACK_MS_MAX, Math::max);
  }

  private static void ask(List<Node> concerned, String who, long waitMs, BiConsumer<NodeSlots, Departure> message) {
    if (concerned.isEmpty()) {
      return;
    }
    Runtime runtime = concerned.getFirst().runtime();
    Waiter waiter = runtime.waiter();
    long deadlineNs = runtime.clock().monotonicNs() + waitMs * 1_000_000;
    AtomicInteger left = new AtomicInteger(concerned.size());
    for (Node node : concerned) {
      message.accept(node.slots(), () -> {
        if (left.decrementAndGet() == 0) {
          waiter.wake();
        }
      });
    }
    if (!waiter.sleepUntil(deadlineNs)) {
      log.atWarn().addKeyValue("reason", who).addKeyValue("nodes", left.get()).log("slots did not let go in time");
    }
  }

  private static long number(ServiceReference<?> reference) {
    return (Long) reference.getProperty(Constants.SERVICE_ID);
  }

  private static String text(ServiceReference<?> reference, String key) {
    return String.valueOf(reference.getProperty(key));
  }
}
