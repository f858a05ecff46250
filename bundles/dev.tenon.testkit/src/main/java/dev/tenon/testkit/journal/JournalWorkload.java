package dev.tenon.testkit.journal;

import dev.tenon.codec.Bytes;
import dev.tenon.journal.JournalInstance;
import dev.tenon.testkit.journal.JournalFamily.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A mixed sequence of changes to a family of three journals, the same for the same seed.
final class JournalWorkload {
  private static final String[] NAMES = {"a", "b-b", "c_1"};
  private static final long[] SECTIONS = {0, 1, 2, 5, 1L << 40, Long.MIN_VALUE, -2, -1};
  private static final int[] SIZES = {0, 1, 5, 31, 32, 33, 63, 64, 65, 127, 128, 200, 700};

  private final SplittableRandom random;
  private final JournalHistory history;
  private long incarnations;

  JournalWorkload(long seed, JournalHistory history) {
    this.random = new SplittableRandom(seed);
    this.history = history;
    this.incarnations = seed << 32;
  }

  void run(JournalInstance instance, int steps) {
    for (int i = 0; i < steps; i++) {
      step(instance);
    }
  }

  private void step(JournalInstance instance) {
    String name = NAMES[random.nextInt(NAMES.length)];
    Content content = history.now().journals.get(name);
    int what = random.nextInt(100);
    if (content == null) {
      history.next().journals.put(name, new Content(++incarnations));
      instance.create(name);
    } else if (what < 60) {
      append(instance, name, content);
    } else if (what < 80) {
      instance.sync();
      history.synced();
    } else if (what < 90) {
      rewind(instance, name, content);
    } else if (what < 97) {
      long section = section(content);
      changing(name).prune(section);
      instance.prune(name, section);
    } else {
      history.next().journals.remove(name);
      instance.remove(name);
      history.removed(name);
    }
  }

  private void append(JournalInstance instance, String name, Content content) {
    long section = section(content);
    var items = new ArrayList<Bytes>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      byte[] item = new byte[SIZES[random.nextInt(SIZES.length)]];
      random.nextBytes(item);
      items.add(Bytes.wrap(item));
    }
    long index = content.items(section).size();
    changing(name).append(section, items);
    instance.append(name, section, index, List.copyOf(items));
  }

  private void rewind(JournalInstance instance, String name, Content content) {
    long section = section(content);
    long index = random.nextInt(content.items(section).size() + 1);
    changing(name).rewind(section, index);
    instance.rewind(name, section, index);
  }

  private Content changing(String name) {
    Content content = history.next().journals.get(name);
    if (content == null) {
      throw new AssertionError("journal " + name + " is in the model");
    }
    return content;
  }

  /// A section not below the floor, lower ones more often.
  private long section(Content content) {
    long section = SECTIONS[Math.min(random.nextInt(SECTIONS.length), random.nextInt(SECTIONS.length))];
    return Long.compareUnsigned(section, content.floor) < 0 ? content.floor : section;
  }
}
