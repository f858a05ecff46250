package dev.tenon.scenarios;

import dev.tenon.slot.SlotName;
import dev.tenon.slot.SlotStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Looks at the slots of all members before each event: where each stands and for how long, what it comes to, and who
/// lies in wait for it there.
final class Watch {
  /// The ticks of a conductor, and what a strand may run ahead.
  private static final Duration SLACK = Duration.ofMillis(700);
  private static final Duration RETIRING = Duration.ofMillis(20);

  /// One slot.
  private static final class Post {
    Moment moment = Moment.DOWN;
    Duration since = Duration.ZERO;
    String provider = "";
    long generation;
  }

  /// One member, at the last look.
  private static final class Seen {
    long steps;
    int boots;
  }

  private record Ambush(String node, String role, Moment at, Runnable deed) {}

  private final World world;
  private final Coverage coverage;
  private final Map<SlotName, Post> posts = new TreeMap<>();
  private final List<Seen> seen = new ArrayList<>(); // as the members
  private final List<Ambush> ambushes = new ArrayList<>();
  private long changes;

  Watch(World world, Coverage coverage) {
    this.world = world;
    this.coverage = coverage;
  }

  Coverage coverage() {
    return coverage;
  }

  /// Once, when a slot of that role comes to that moment.
  void ambush(Member member, String role, Moment at, Runnable deed) {
    ambushes.add(new Ambush(member.name(), role, at, deed));
  }

  /// Nobody lies in wait any more.
  void stand() {
    ambushes.clear();
  }

  /// Grows whenever some slot may stand elsewhere than before.
  long changes() {
    return changes;
  }

  Moment moment(SlotName slot) {
    Post post = posts.get(slot);
    return post == null ? Moment.DOWN : post.moment;
  }

  /// Cheap where nothing has happened.
  void look() {
    for (int i = 0; i < world.members().size(); i++) {
      if (seen.size() == i) {
        seen.add(new Seen());
      }
      Member member = world.members().get(i);
      boolean isUp = member.node().isUp();
      int boots = member.node().boots();
      long now = isUp ? member.control().steps() : -1;
      Seen last = seen.get(i);
      if (now != last.steps || boots != last.boots) {
        if (boots != last.boots || !isUp) {
          down(member);
        }
        changes++;
        last.boots = boots;
        last.steps = now;
        member.slots().forEach(slot -> saw(member, slot));
      }
    }
  }

  private void down(Member member) {
    posts.forEach((name, post) -> {
      if (name.node().equals(member.name()) && post.moment != Moment.DOWN) {
        coverage.saw(name.role() + " " + member.lastEnd() + " in " + post.moment);
        to(name, post, Moment.DOWN);
      }
    });
  }

  private void saw(Member member, SlotStatus slot) {
    Post post = posts.computeIfAbsent(slot.name(), name -> new Post());
    Moment now = Moment.of(slot, post.moment);
    if (now == Moment.RETIRE && post.moment == now
        && world.simulation().now().minus(post.since).compareTo(RETIRING) > 0) {
      now = Moment.IDLE;
    }
    if (now != post.moment) {
      Moment before = post.moment;
      to(slot.name(), post, now);
      if (before.isHandover() && !now.isHandover()) {
        coverage.saw(slot.name().role() + " handover ended " + slot.outcome().kind());
      }
      if (now == Moment.FAILED) {
        world.slotChecks().failed(member, slot);
      }
      if (now != Moment.DOWN) {
        spring(member, slot.name().role(), now);
      }
    }
    served(slot, post);
  }

  /// A generation begins.
  private void served(SlotStatus slot, Post post) {
    if (post.moment != Moment.IDLE && post.moment != Moment.RETIRE) {
      return;
    }
    if (slot.generation() < post.generation) {
      world.witness().violated(slot.name() + " went back from generation " + post.generation + " to "
          + slot.generation());
    }
    if (slot.generation() > post.generation) {
      String role = slot.name().role();
      String before = name(post.provider);
      String now = name(slot.provider());
      if (!before.isEmpty()) {
        coverage.saw(role + (before.equals(now)
            ? post.provider.equals(slot.provider()) ? " opened again" : " opened by another version"
            : " " + before + " to " + now));
      }
      post.generation = slot.generation();
      post.provider = slot.provider();
    }
  }

  private static String name(String label) {
    int at = label.indexOf('@');
    return at < 0 ? label : label.substring(0, at);
  }

  private void to(SlotName name, Post post, Moment next) {
    overdue(name, post);
    post.moment = next;
    post.since = world.simulation().now();
  }

  /// Promise H10: nothing lasts for ever.
  void overdue() {
    posts.forEach(this::overdue);
  }

  private void overdue(SlotName name, Post post) {
    Duration limit = world.slotChecks().lastsAtMost(post.moment).plus(SLACK);
    Duration lasted = world.simulation().now().minus(post.since);
    if (!post.moment.rests() && lasted.compareTo(limit) > 0) {
      world.witness().violated(name + " was in " + post.moment + " for " + lasted.toMillis() + " ms");
    }
  }

  private void spring(Member member, String role, Moment now) {
    for (Ambush ambush : List.copyOf(ambushes)) {
      if (ambush.at() == now && ambush.role().equals(role) && ambush.node().equals(member.name())) {
        ambushes.remove(ambush);
        ambush.deed().run();
      }
    }
  }
}
