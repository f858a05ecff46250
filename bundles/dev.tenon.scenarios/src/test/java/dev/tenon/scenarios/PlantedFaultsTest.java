package dev.tenon.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.Durable;
import dev.tenon.journal.Entry;
import dev.tenon.journal.Journal;
import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.journal.JournalStore;
import dev.tenon.journal.SectionEnd;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Outcome;
import dev.tenon.runtime.role.Description;
import dev.tenon.runtime.role.OpenContext;
import dev.tenon.sim.SimResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Goal: the invariants can fail. Method: a faulty collaborator in place of a good one has to be found within a few
/// seeds, by the invariant that is meant for it.
class PlantedFaultsTest {
  private static final int SEEDS = 30;

  @Test
  void aJournalThatAcknowledgesBeforeItsSyncIsFound() {
    var plants = new Plants(provider -> new JournalProvider() {
      @Override
      public Description describe() {
        return provider.describe();
      }

      @Override
      public JournalInstance open(OpenContext context) {
        return without(provider.open(context));
      }
    }, UnaryOperator.identity());
    assertFound("broadcast-calm", plants, " was voted for");
    assertFound("broadcast-sequencer-crashes", plants, "signed two chunks of its own");
    assertFound("broadcast-blackouts", plants, " voted for height ");
  }

  @Test
  void anIntentThatIsNotJournalledIsFound() {
    var plants = new Plants(UnaryOperator.identity(), journals -> new Forgetful(journals, "-intent"));
    assertFound("broadcast-sequencer-crashes", plants, "signed two chunks of its own");
  }

  @Test
  void nodesThatAreNotJournalledAreFound() {
    var plants = new Plants(UnaryOperator.identity(), journals -> new Forgetful(journals, ""));
    assertFound("broadcast-validator-crashes", plants, "voted for");
  }

  @Test
  void aStoreThatNeverAnswersIsFoundAsAStop() {
    var plants = new Plants(UnaryOperator.identity(), journals -> new Silent(journals));
    assertFound("broadcast-calm", plants, "no progress");
  }

  private static void assertFound(String name, Plants plants, String by) {
    BroadcastScenario scenario = BroadcastScenarios.all().stream().filter(each -> each.name().equals(name)).findFirst()
        .orElseThrow().planted(plants);
    for (long seed = 0; seed < SEEDS; seed++) {
      SimResult result = scenario.run(seed, null);
      if (result.violations().stream().anyMatch(violation -> violation.contains(by))) {
        return;
      }
    }
    assertThat(SEEDS).as("seeds until '" + by + "' is found in " + name).isZero();
  }

  /// Everything but its sync.
  private static JournalInstance without(JournalInstance real) {
    return (JournalInstance) Proxy.newProxyInstance(JournalInstance.class.getClassLoader(),
        new Class<?>[] {JournalInstance.class}, (proxy, method, words) -> {
          if (method.getName().equals("sync")) {
            return null;
          }
          try {
            return method.invoke(real, words);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /// Journals of one kind say that they are durable and keep nothing.
  private record Forgetful(JournalStore real, String suffix) implements JournalStore {
    @Override
    public Completion<Journal> journal(String name) {
      Completion<Journal> opened = real.journal(name);
      return name.endsWith(suffix) ? opened.map(Sieve::new) : opened;
    }

    @Override
    public Completion<List<String>> names() {
      return real.names();
    }

    @Override
    public Completion<Boolean> remove(String name) {
      return real.remove(name);
    }

    @Override
    public Completion<Long> whenActive() {
      return real.whenActive();
    }

    @Override
    public int itemBytesMax() { return real.itemBytesMax(); }

    @Override
    public boolean isActive() { return real.isActive(); }

    @Override
    public boolean signingOff() {
      return real.signingOff();
    }

    @Override
    public boolean isRecovered() { return real.isRecovered(); }
  }

  /// Drops what is appended.
  private record Sieve(Journal real) implements Journal {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public long append(long section, ByteBuffer item) {
      return 0;
    }

    @Override
    public Completion<Durable> commit() {
      return real.commit();
    }

    @Override
    public Completion<List<Entry>> read(long section, long index, int max) {
      return real.read(section, index, max);
    }

    @Override
    public Completion<List<Entry>> replay(long section, long index) {
      return real.replay(section, index);
    }

    @Override
    public void prune(long section) {}

    @Override
    public void rewind(long section, long index) {}

    @Override
    public long floor() {
      return real.floor();
    }

    @Override
    public List<SectionEnd> sections() {
      return real.sections();
    }
  }

  /// Opens journals, and never says that anything is durable.
  private record Silent(JournalStore real) implements JournalStore {
    @Override
    public Completion<Journal> journal(String name) {
      return new Completion<>() {
        @Override
        public <M> void then(Function<Outcome<Journal>, M> message) {}

        @Override
        public void onEnd(Consumer<Outcome<Journal>> told) {}

        @Override
        public void cancel() {}
      };
    }

    @Override
    public Completion<List<String>> names() {
      return real.names();
    }

    @Override
    public Completion<Boolean> remove(String name) {
      return real.remove(name);
    }

    @Override
    public Completion<Long> whenActive() {
      return real.whenActive();
    }

    @Override
    public int itemBytesMax() { return real.itemBytesMax(); }

    @Override
    public boolean isActive() { return real.isActive(); }

    @Override
    public boolean signingOff() {
      return real.signingOff();
    }

    @Override
    public boolean isRecovered() { return real.isRecovered(); }
  }
}
