package dev.tenon.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/// One Felix framework over a data folder.
///
/// The framework keeps its bundles between starts. A start installs what the profile has new, updates a bundle whose
/// jar was built again since the launcher last installed it, and removes what the profile dropped. All else is left
/// alone: a bundle that was updated live keeps its new content, and one that an operator stopped stays stopped.
final class Container {
  private static final String LOCATION_PREFIX = "tenon:";
  private static final int START_LEVEL = 55;
  /// A bundle dropped into the deploy folder is taken for a provider.
  private static final int DEPLOYED_START_LEVEL = 20;
  private static final int ERRORS_MAX = 64;

  private final Path data;
  private final Profile profile;
  private final Repository repository;
  private final ConfigurationFeed.Source configuration;
  private final Framework framework;
  private final Set<String> errors = Collections.synchronizedSet(new LinkedHashSet<>()); // each reference says it again

  Container(Path data, Profile profile, Repository repository, ConfigurationFeed.Source configuration)
      throws IOException {
    this.data = data;
    this.profile = profile;
    this.repository = repository;
    this.configuration = configuration;
    Files.createDirectories(data.resolve("deploy"));
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, data.resolve("framework").toString());
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(START_LEVEL));
    properties.put("felix.cm.pm", "memory"); // each start brings the whole configuration
    properties.put("felix.log.level", "1");
    properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, profile.systemPackages());
    // The launcher's class path holds the bundles' jars too; none of their classes may come from there by a guess.
    properties.put("felix.bootdelegation.implicit", "false");
    // The shell bundle ends the framework when standard input ends, unless told otherwise.
    properties.put("gosh.args", "--nointeractive --noshutdown");
    properties.put("felix.fileinstall.dir", data.resolve("deploy").toString());
    properties.put("felix.fileinstall.tmpdir", data.resolve("framework").resolve("deploy-tmp").toString());
    properties.put("felix.fileinstall.filter", ".*\\.jar");
    properties.put("felix.fileinstall.poll", "500");
    properties.put("felix.fileinstall.noInitialDelay", "true");
    properties.put("felix.fileinstall.start.level", Integer.toString(DEPLOYED_START_LEVEL));
    properties.put("felix.fileinstall.log.level", "2");
    properties.put("felix.fileinstall.enableConfigSave", "false");
    framework = new FrameworkFactory().newFramework(properties);
  }

  /// Installs what is missing, and brings the framework up through its start levels.
  void start() throws BundleException, IOException, UsageException {
    framework.init();
    framework.getBundleContext().addFrameworkListener(event -> {
      if (event.getType() == FrameworkEvent.ERROR && errors.size() < ERRORS_MAX) {
        errors.add(event.getBundle().getSymbolicName() + ": " + oneLine(event.getThrowable()));
      }
    });
    ConfigurationFeed.to(framework.getBundleContext(), configuration);
    install();
    framework.start();
  }

  /// @return what could not be started, one line each
  List<String> errors() {
    synchronized (errors) {
      return List.copyOf(errors);
    }
  }

  /// @return how many bundles are active
  long activeBundles() {
    return Arrays.stream(framework.getBundleContext().getBundles())
        .filter(bundle -> bundle.getState() == Bundle.ACTIVE).count();
  }

  /// Asks the node's shell.
  ///
  /// @param line a command, as over the control socket
  /// @return its answer, or empty without a shell
  @SuppressWarnings("unchecked") // the filter's property says that it takes and gives text
  String ask(String line) {
    BundleContext context = framework.getBundleContext();
    if (context == null) return "";
    try {
      ServiceReference<?>[] found = context.getServiceReferences(Function.class.getName(), "(tenon.control=true)");
      if (found == null) return "";
      var control = (Function<String, String>) context.getService(found[0]);
      if (control == null) return "";
      try {
        return control.apply(line);
      } finally {
        context.ungetService(found[0]);
      }
    } catch (InvalidSyntaxException | IllegalStateException stopping) {
      return "";
    }
  }

  /// Stops all bundles from the highest start level downwards and waits.
  ///
  /// @return whether the framework ended in time
  boolean stop(long millis) throws BundleException, InterruptedException {
    framework.stop();
    return framework.waitForStop(millis).getType() != FrameworkEvent.WAIT_TIMEDOUT;
  }

  /// @return whether the framework ended by itself within the time
  boolean awaitEnd(long millis) throws InterruptedException {
    return framework.waitForStop(millis).getType() != FrameworkEvent.WAIT_TIMEDOUT;
  }

  private void install() throws IOException, BundleException, UsageException {
    Path record = data.resolve("framework").resolve("installed.properties");
    Properties before = new Properties();
    if (Files.isRegularFile(record)) {
      try (Reader reader = Files.newBufferedReader(record)) {
        before.load(reader);
      }
    }
    Properties now = new Properties();
    BundleContext context = framework.getBundleContext();
    List<Bundle> fresh = new ArrayList<>();
    for (Profile.Entry entry : profile.entries()) {
      Repository.Jar jar = repository.find(entry);
      String stamp = jar.stamp();
      now.setProperty(entry.symbolicName(), stamp);
      String location = LOCATION_PREFIX + entry.symbolicName();
      Bundle bundle = context.getBundle(location);
      // Uninstalled, and dropped into the deploy folder instead: that one has its name now.
      if (bundle == null && isThere(entry.symbolicName())) continue;
      if (bundle == null) {
        try (InputStream content = Files.newInputStream(jar.file())) {
          bundle = context.installBundle(location, content);
        }
        if (!jar.fragment()) fresh.add(bundle);
      } else if (!stamp.equals(before.getProperty(entry.symbolicName()))) {
        try (InputStream content = Files.newInputStream(jar.file())) {
          bundle.update(content);
        }
      }
      bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
    }
    for (Bundle bundle : context.getBundles()) {
      String location = bundle.getLocation();
      if (location.startsWith(LOCATION_PREFIX) && !now.containsKey(location.substring(LOCATION_PREFIX.length()))) {
        bundle.uninstall();
      }
    }
    for (Bundle bundle : fresh) bundle.start(Bundle.START_ACTIVATION_POLICY);
    // Written last: after a crash the next start only updates once more.
    try (Writer writer = Files.newBufferedWriter(record)) {
      now.store(writer, null);
    }
  }

  private boolean isThere(String symbolicName) {
    return Arrays.stream(framework.getBundleContext().getBundles())
        .anyMatch(bundle -> symbolicName.equals(bundle.getSymbolicName()));
  }

  private static String oneLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }
}
