package dev.tenon.itests.actor;

import dev.tenon.runtime.Context;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.runtime.role.Reply;
import dev.tenon.runtime.role.RoleActor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/// Two providers for each of the two roles.
public final class TallyProviders {
  private TallyProviders() {}

  /// Takes its time for answers.
  @Component(name = "dev.tenon.itests.actor.one", service = TallyProvider.class,
      property = {"tenon.role=tally", "tenon.provider=one"})
  public static final class One implements TallyProvider {
    @Override
    public Instance open(OpenContext context) {
      return new Counter(2);
    }
  }

  /// Answers at once.
  @Component(name = "dev.tenon.itests.actor.two", service = TallyProvider.class,
      property = {"tenon.role=tally", "tenon.provider=two"})
  public static final class Two implements TallyProvider {
    @Override
    public Instance open(OpenContext context) {
      return new Counter(0);
    }
  }

  /// The same for the role that is rebuilt.
  @Component(name = "dev.tenon.itests.actor.three", service = TallyProvider.class,
      property = {"tenon.role=rebuilt", "tenon.provider=one"})
  public static final class Three implements TallyProvider {
    @Override
    public Instance open(OpenContext context) {
      return new Counter(2);
    }
  }

  /// The same for the role that is rebuilt.
  @Component(name = "dev.tenon.itests.actor.four", service = TallyProvider.class,
      property = {"tenon.role=rebuilt", "tenon.provider=two"})
  public static final class Four implements TallyProvider {
    @Override
    public Instance open(OpenContext context) {
      return new Counter(0);
    }
  }

  private record Tick() {}

  private record Due(Reply<Long> reply) {}

  private static final class Counter implements TallyProvider.Instance,
      RoleActor<TallyMessage, Object, TallyProvider.Summary> {
    private final long answerMs;
    private @Nullable Context<Object> context;
    private TallyProvider.@Nullable Outlet outlet;
    private long count;
    private long next;
    private long sum;
    private int owed;
    private boolean ticking;
    private @Nullable Reply<TallyProvider.Summary> sealing;
    private final TreeMap<Long, List<Reply<Long>>> waits = new TreeMap<>();

    Counter(long answerMs) {
      this.answerMs = answerMs;
    }

    @Override
    public void load(TallyProvider.Summary summary) {
      count = summary.count();
      next = summary.next();
      sum = summary.sum();
    }

    @Override
    public long feed(long input) {
      next = input + 1;
      sum = summed(sum, input);
      return sum;
    }

    private static long summed(long before, long input) {
      return before * 1_000_003 + input;
    }

    @Override
    public RoleActor<TallyMessage, Object, TallyProvider.Summary> begin(Context<Object> mine,
        TallyProvider.Outlet to) {
      context = mine;
      outlet = to;
      return this;
    }

    @Override
    public void start() {
      tick();
    }

    private void tick() {
      Context<Object> mine = context;
      if (!ticking && mine != null) {
        ticking = true;
        mine.after(1, new Tick());
      }
    }

    @Override
    public void handle(TallyMessage message) {
      TallyProvider.Outlet to = outlet;
      Context<Object> mine = context;
      if (to == null || mine == null) {
        throw new IllegalStateException();
      }
      switch (message) {
        case TallyMessage.Add(var number, var reply) -> {
          count++;
          to.counted(number);
          if (answerMs == 0) {
            reply.done(count);
          } else {
            owed++;
            mine.after(answerMs, new Due(reply));
          }
        }
        case TallyMessage.Await(var sums, var reply) ->
            waits.computeIfAbsent(sums, each -> new ArrayList<>()).add(reply);
      }
    }

    @Override
    public void own(Object message) {
      switch (message) {
        case Tick tick -> {
          ticking = false;
          emit();
        }
        case Due(var reply) -> {
          owed--;
          reply.done(count);
        }
        default -> throw new IllegalStateException("a message of another's: " + message);
      }
      rest();
    }

    private void emit() {
      TallyProvider.Outlet to = outlet;
      long after = summed(sum, next);
      if (to != null && sealing == null && to.emit(next, after)) {
        sum = after;
        next++;
      }
      while (!waits.isEmpty() && waits.firstKey() <= next) {
        waits.pollFirstEntry().getValue().forEach(reply -> reply.done(next));
      }
    }

    private void rest() {
      Reply<TallyProvider.Summary> summary = sealing;
      if (summary == null) {
        tick();
      } else if (owed == 0) {
        summary.done(new TallyProvider.Summary(count, next, sum));
      }
    }

    @Override
    public void seal(Reply<TallyProvider.Summary> summary) {
      sealing = summary;
      rest();
    }

    @Override
    public void resume() {
      sealing = null;
      tick();
    }
  }
}
