package dev.tenon.launcher;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/// The main of `./tenon run`: a container in the foreground.
public final class Launcher {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final long STOP_MS_MAX = 10_000;
  private static final long TERMINAL_REFRESH_MS = 1_000;
  private static final long LINE_EVERY_MS = 5_000;
  private static final long TICK_MS = 100;

  private final PrintStream out;
  private final boolean terminal;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Set<String> told = new LinkedHashSet<>();

  private Launcher(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /// @param words the options
  public static void main(String[] words) {
    // Bundles find services by bundle; through this thread's loader they would find a second copy on the class path.
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    // What logs through the JDK has no handler but the terminal, which belongs to the status line.
    LogManager.getLogManager().reset();
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    Launcher launcher = new Launcher(System.out, terminal);
    int code;
    try {
      code = launcher.run(List.of(words));
    } catch (UsageException e) {
      System.err.println("tenon: " + e.getMessage());
      code = USAGE;
    } catch (IOException | BundleException e) {
      System.err.println("tenon: " + Sentence.of(e));
      code = FAILED;
    } catch (InterruptedException e) {
      code = FAILED;
    }
    System.out.flush();
    // Bundles may have left threads behind; the framework is down, nothing is owed any more.
    Runtime.getRuntime().halt(code);
  }

  private int run(List<String> words) throws UsageException, IOException, BundleException, InterruptedException {
    Path home = Path.of(System.getProperty("tenon.home", "."));
    Arguments arguments = Arguments.parse(words, home);
    if (arguments.help()) {
      out.print(Arguments.help(home));
      return 0;
    }
    Profile profile = Profile.read(home.resolve("features"), arguments.profile());
    Repository repository = Repository.read(home.resolve("features/target/bundles"));
    settings(profile, arguments).configurations(); // what is wrong with it is told before anything is touched

    Path data = arguments.data();
    Files.createDirectories(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (FileChannel channel = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE); FileLock lock = lock(channel)) {
      if (lock == null) {
        System.err.println("tenon: a node already runs on " + data);
        return FAILED;
      }
      Files.createDirectories(data.resolve("framework"));
      Files.createDirectories(data.resolve("logs"));
      System.setProperty("logback.configurationFile", home.resolve("features/logback.xml").toUri().toString());
      System.setProperty("tenon.logs", data.resolve("logs").toString());
      return serve(new Container(data, profile, repository, () -> settings(profile, arguments)), arguments);
    }
  }

  private static Settings settings(Profile profile, Arguments arguments) throws UsageException, IOException {
    Settings settings = new Settings(arguments.data());
    for (Path own : profile.configuration()) settings.add(own);
    settings.addLive(arguments.data().resolve("configuration.properties"));
    for (Path file : arguments.files()) settings.add(file);
    arguments.settings().forEach(settings::add);
    return settings;
  }

  private int serve(Container container, Arguments arguments)
      throws UsageException, IOException, BundleException, InterruptedException {
    Thread hook = new Thread(() -> stopOnSignal(container), "tenon-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    container.start();
    long uptimeMs = ManagementFactory.getRuntimeMXBean().getUptime();
    out.println("profile " + arguments.profile() + ": " + container.activeBundles() + " bundles active after "
        + uptimeMs + " ms, data in " + arguments.data());
    container.errors().forEach(error -> System.err.println("tenon: " + error));
    if (container.ask("line").isEmpty()) {
      System.err.println("tenon: the shell did not start; why is in " + arguments.data().resolve("logs/node.log"));
    }
    boolean ended = watch(container, arguments.seconds() * 1_000L);
    if (stopping.get()) {
      Thread.sleep(STOP_MS_MAX * 2); // the hook stops the container and halts the process
    }
    if (ended) return 0;
    String health = container.ask("health");
    container.ask("line").lines().skip(1).findFirst().ifPresent(out::println);
    health.lines().skip(1).forEach(out::println);
    boolean clean = container.stop(STOP_MS_MAX);
    if (!clean) System.err.println("tenon: the container did not stop within " + STOP_MS_MAX + " ms");
    boolean healthy = health.startsWith("ok") && container.errors().isEmpty();
    out.println(healthy ? "healthy" : "not healthy");
    return clean && healthy ? 0 : FAILED;
  }

  /// @return whether the framework ended by itself
  private boolean watch(Container container, long forMs) throws InterruptedException {
    long refreshMs = terminal ? TERMINAL_REFRESH_MS : LINE_EVERY_MS;
    long start = System.nanoTime();
    long shownMs = 0;
    while (!stopping.get()) {
      if (container.awaitEnd(TICK_MS)) return !stopping.get();
      long nowMs = (System.nanoTime() - start) / 1_000_000;
      tellNotices(container);
      if (forMs > 0 && nowMs >= forMs) return false;
      if (nowMs - shownMs >= refreshMs) {
        shownMs = nowMs;
        showLine(container);
      }
    }
    return false;
  }

  private void tellNotices(Container container) {
    container.ask("notices").lines().skip(1).filter(told::add)
        .forEach(notice -> out.println(terminal ? "\r\033[K" + notice : notice));
  }

  private void showLine(Container container) {
    @Nullable String line = container.ask("line").lines().skip(1).findFirst().orElse(null);
    if (line == null) return;
    if (terminal) {
      out.print("\r\033[K" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  private void stopOnSignal(Container container) {
    if (!stopping.compareAndSet(false, true)) return;
    int code = FAILED;
    try {
      long start = System.nanoTime();
      if (container.stop(STOP_MS_MAX)) {
        code = 0;
        String took = "stopped in " + (System.nanoTime() - start) / 1_000_000 + " ms";
        out.println(terminal ? "\r\033[K" + took : took);
      } else {
        System.err.println("tenon: the container did not stop within " + STOP_MS_MAX + " ms");
      }
    } catch (BundleException | InterruptedException e) {
      System.err.println("tenon: " + e.getMessage());
    }
    out.flush();
    Runtime.getRuntime().halt(code);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }
}
