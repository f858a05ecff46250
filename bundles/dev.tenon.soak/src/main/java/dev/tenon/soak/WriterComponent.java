package dev.tenon.soak;

import dev.tenon.journal.JournalStore;
import dev.tenon.runtime.Mailbox;
import dev.tenon.runtime.MailboxSpec;
import dev.tenon.runtime.Runtime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// One [JournalWriter] on a node's journals.
@Component(name = "dev.tenon.soak.writer", service = WriterComponent.class, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WriterComponent.Config.class, factory = true)
public final class WriterComponent {
  private static final int MAILBOX = 1_024;
  private static final int BURST_MAX = 20_000;
  /// So many numbers a millisecond no process gives.
  private static final int NUMBER_BITS = 20;

  /// How it writes.
  @ObjectClassDefinition(name = "Soak writer", description = "Writes a journal that a checker compares")
  public @interface Config {
    /// Selects the node's runtime.
    ///
    /// @return a filter
    @AttributeDefinition(description = "Filter that selects the node's runtime")
    String runtime_target() default "(tenon.node=local)";

    /// Selects the journals.
    ///
    /// @return a filter
    @AttributeDefinition(description = "Filter that selects the journals' slot")
    String journals_target() default "(tenon.slot=local/journal/broadcast)";

    /// The journal.
    ///
    /// @return its name
    @AttributeDefinition(description = "Name of the journal")
    String journal();

    /// Between two batches.
    ///
    /// @return milliseconds
    @AttributeDefinition(description = "Milliseconds between two batches", min = "1", max = "60000")
    int tickMs() default 25;

    /// The size of a batch.
    ///
    /// @return items
    @AttributeDefinition(description = "Items of a batch at most", min = "1", max = "1024")
    int itemsMax() default 8;

    /// The size of an item.
    ///
    /// @return bytes
    @AttributeDefinition(description = "Bytes of an item at least", min = "12", max = "65536")
    int itemBytesMin() default 100;

    /// The size of an item.
    ///
    /// @return bytes
    @AttributeDefinition(description = "Bytes of an item at most", min = "12", max = "65536")
    int itemBytesMax() default 1_000;

    /// When the next section begins.
    ///
    /// @return items
    @AttributeDefinition(description = "Items of a section", min = "1", max = "1000000")
    int itemsPerSection() default 256;

    /// When old ones go.
    ///
    /// @return sections
    @AttributeDefinition(description = "Sections that are kept", min = "1", max = "1000000")
    int sectionsKept() default 6;

    /// What is there before the load begins.
    ///
    /// @return bytes
    @AttributeDefinition(description = "Bytes that are written first, as fast as they are taken", min = "0")
    long fillBytes() default 0;

    /// Whether items are taken back now and then.
    ///
    /// @return true or false
    @AttributeDefinition(description = "Whether it rewinds now and then")
    boolean rewinds() default true;

    /// Whether the journal goes now and then.
    ///
    /// @return true or false
    @AttributeDefinition(description = "Whether it removes the journal now and then, and makes it anew")
    boolean removes() default true;

    /// When all is read back.
    ///
    /// @return batches
    @AttributeDefinition(description = "Batches after which the journal is opened again and told; 0: never", min = "0")
    int reopenEvery() default 400;
  }

  private final String journal;
  private final TickTimes times;
  private final Mailbox<JournalWriter.Message> writer;
  private volatile JournalWriter spawned;

  /// Starts writing.
  ///
  /// @param config how
  /// @param runtime the node's
  /// @param journals the slot's
  /// @param history what was done
  @Activate
  @SuppressWarnings("NullAway.Init") // the writer's first turn sets it
  public WriterComponent(Config config, @Reference(name = "runtime") Runtime runtime,
      @Reference(name = "journals") JournalStore journals, @Reference(name = "history") History history) {
    var plan = new JournalWriter.Plan(config.tickMs(), config.itemsMax(), config.itemBytesMin(),
        config.itemBytesMax(), config.itemsPerSection(), config.sectionsKept(), config.fillBytes(), config.rewinds(),
        config.removes(), config.reopenEvery());
    this.journal = Objects.requireNonNull(config.journal(), "dev.tenon.soak.writer.journal");
    this.times = new TickTimes(TimeUnit.MILLISECONDS.toNanos(config.tickMs()));
    long first = System.currentTimeMillis() << NUMBER_BITS;
    this.writer = runtime.spawn("soak:" + journal, MailboxSpec.oneLane(MAILBOX), context -> {
      spawned = new JournalWriter(context, journals, history, journal, plan, times, first);
      return spawned;
    });
  }

  /// Stops writing.
  @Deactivate
  public void stop() {
    var unused = writer.offer(new JournalWriter.Message.Stop());
  }

  String journal() {
    return journal;
  }

  /// So many items are written at once, on the next tick.
  void burst(int items) {
    JournalWriter living = spawned;
    if (living == null || items < 1 || items > BURST_MAX) {
      throw new IllegalArgumentException("1 to " + BURST_MAX + " items, by a writer that runs");
    }
    living.burst(items);
  }

  /// What commits took.
  TickTimes times() {
    return times;
  }

  void rest() {
    var unused = writer.offer(new JournalWriter.Message.Rest()); // refused only once it has ended: then nobody rests
  }

  boolean isOpen() {
    JournalWriter living = spawned;
    return living != null && living.isOpen();
  }

  int failed() {
    JournalWriter living = spawned;
    return living == null ? 0 : living.failed();
  }

  int owed() {
    JournalWriter living = spawned;
    return living == null ? 0 : living.owed();
  }

  boolean isRested() {
    JournalWriter living = spawned;
    return living != null && living.isRested();
  }

  boolean isFilled() {
    JournalWriter living = spawned;
    return living != null && living.isFilled();
  }
}
