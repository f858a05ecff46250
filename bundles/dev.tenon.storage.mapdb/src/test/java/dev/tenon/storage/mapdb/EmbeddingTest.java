package dev.tenon.storage.mapdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.journal.JournalInstance;
import dev.tenon.journal.JournalProvider;
import dev.tenon.testkit.journal.SimHost;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// The bundle alone, in a class loader as in a container: it holds all of MapDB that it needs, and lets go of it.
@Isolated("looks at all threads of the process")
class EmbeddingTest {
  private static final int COLLECTIONS_MAX = 200;
  private static final Set<String> JVM_GROUPS = Set.of("system", "CarrierThreads", "InnocuousThreadGroup");

  /// Finds nothing that the bundle must bring itself.
  private static final class Outside extends ClassLoader {
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      for (String own : new String[] {"org.mapdb.", "kotlin.", "net.jpountz.", "com.google.", "org.eclipse.",
          "dev.tenon.storage.mapdb."}) {
        if (name.startsWith(own)) {
          throw new ClassNotFoundException(name);
        }
      }
      return EmbeddingTest.class.getClassLoader().loadClass(name);
    }
  }

  private static URL bundle() {
    return MapdbJournalProvider.class.getProtectionDomain().getCodeSource().getLocation();
  }

  private static JournalProvider provider(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> config = loader.loadClass(StoreConfig.class.getName());
    Constructor<?> configure = config.getDeclaredConstructor(int.class, int.class, int.class, int.class, int.class);
    configure.setAccessible(true);
    Constructor<?> provider = loader.loadClass(MapdbJournalProvider.class.getName()).getDeclaredConstructor(config);
    provider.setAccessible(true);
    return (JournalProvider) provider.newInstance(configure.newInstance(1_024, 256, 1 << 20, 512, 2));
  }

  private static void use(JournalProvider provider) {
    try (var host = new SimHost(1)) {
      Family.opened(host, provider, instance -> {
        instance.create("j");
        for (int index = 0; index < 200; index++) {
          instance.append("j", 0, index, Family.items("j", 0, index, 1, 400));
          instance.sync();
        }
      });
      var runs = new TreeMap<>(Family.files(host, Names.VIEW));
      assertThat(runs).isNotEmpty();
      Family.put(host, Names.VIEW, runs.lastKey(), Family.flipped(runs.lastEntry().getValue(), 70));
      Family.opened(host, provider, EmbeddingTest::readAll);
    }
  }

  private static void readAll(JournalInstance instance) {
    assertThat(instance.read("j", 0, 0, 1 << 20, 1 << 20)).isEqualTo(Family.items("j", 0, 0, 200, 400));
  }

  @Test
  void theBundleBringsWhatItNeedsStartsNoThreadAndIsCollectable() throws Exception {
    Set<Thread> before = threads();
    WeakReference<ClassLoader> loader = loadAndUse();
    assertThat(threads()).as("threads").isSubsetOf(before);
    loadAndUse(); // what a thread of the simulator saw last may outlive it until it sees something else
    for (int i = 0; i < COLLECTIONS_MAX && loader.get() != null; i++) {
      System.gc();
      LockSupport.parkNanos(10_000_000); // a class that is being compiled is held meanwhile
    }
    assertThat(loader.get()).as("the bundle's class loader").isNull();
  }

  /// All but those of the JVM and those that carry the simulator's.
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() != null && !JVM_GROUPS.contains(thread.getThreadGroup().getName()))
        .collect(Collectors.toSet());
  }

  private static WeakReference<ClassLoader> loadAndUse() throws Exception {
    try (var loader = new URLClassLoader(new URL[] {bundle()}, new Outside())) {
      JournalProvider provider = provider(loader);
      assertThat(provider.getClass().getClassLoader()).isSameAs(loader);
      use(provider);
      return new WeakReference<>(loader);
    }
  }

  /// MapDB 3.1.0 hashes with lz4, which would unpack a native library where it found one.
  @Test
  void theBundleHoldsNoNativeLibraryAndNothingOfOthers() throws Exception {
    try (var loader = new URLClassLoader(new URL[] {bundle()}, new Outside())) {
      assertThat(loader.findResource("net/jpountz/util/linux/amd64/liblz4-java.so")).isNull();
      assertThat(loader.findResource("org/mapdb/SortedTableMap.class")).isNotNull();
      assertThat(loader.findResource("net/jpountz/xxhash/XXHashJNI.class")).isNull();
      assertThat(loader.findResource("com/google/common/collect/Iterators.class")).isNull();
    }
    assertThat(bundle().toURI()).isNotEqualTo(URI.create("file:/"));
  }
}
