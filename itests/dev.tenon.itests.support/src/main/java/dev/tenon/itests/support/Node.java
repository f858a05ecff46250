package dev.tenon.itests.support;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import dev.tenon.launcher.Profile;
import dev.tenon.launcher.Repository;
import dev.tenon.launcher.Settings;
import dev.tenon.launcher.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.VersionRange;

/// A node under Pax Exam: the bundles, start levels and configuration of a profile, over a data folder of its own.
public final class Node {
  /// Above the level of operation, so that the test comes last.
  private static final int START_LEVEL = 60;
  private static final int PROVIDER_LEVEL = 20;
  private static final int LIBRARY_LEVEL = 5;
  private static final int LOG_LEVEL = 1;
  /// Nobody stands outside of the framework here as the launcher does: the OSGi Configurator gives the document.
  private static final List<String> CONFIGURATOR = List.of("org.apache.felix.configurator",
      "org.apache.felix.cm.json", "org.apache.felix.converter", "org.glassfish.jakarta.json");
  /// And logging is made of bundles.
  private static final List<String> LOGGING = List.of("slf4j.api", "ch.qos.logback.classic", "ch.qos.logback.core",
      "org.apache.aries.spifly.dynamic.bundle", "org.objectweb.asm", "org.objectweb.asm.commons",
      "org.objectweb.asm.tree", "org.objectweb.asm.tree.analysis", "org.objectweb.asm.util");

  private Node() {
  }

  /// @return the checkout
  public static Path home() {
    return Path.of(System.getProperty("tenon.home", "../..")).toAbsolutePath().normalize();
  }

  /// @param name the profile
  /// @param settings further configuration, `PID.key=value`
  /// @return the options of a container with this profile
  /// @throws IOException if files cannot be read or made
  /// @throws UsageException if there is no such profile
  public static Option profile(String name, String... settings) throws IOException, UsageException {
    Path data = Files.createTempDirectory("tenon-it-");
    Profile profile = Profile.read(home().resolve("features"), name);
    Repository repository = Repository.read(home().resolve("features/target/bundles"));
    Settings configuration = new Settings(data);
    for (Path own : profile.configuration()) configuration.add(own);
    for (String setting : settings) configuration.add(setting);
    Path document = Files.writeString(data.resolve("configuration.json"), configuration.document());
    Files.createDirectories(data.resolve("logs"));

    List<Option> options = new ArrayList<>();
    for (Profile.Entry entry : profile.entries()) {
      Repository.Jar jar = repository.find(entry);
      var option = bundle(jar.file().toUri().toString()).startLevel(entry.startLevel());
      options.add(jar.fragment() ? option.noStart() : option);
    }
    options.add(bundles(repository, LOG_LEVEL, LOGGING));
    options.add(bundles(repository, LIBRARY_LEVEL, CONFIGURATOR));
    options.add(bundle(supportJar()));
    options.add(junitBundles());
    options.add(frameworkStartLevel(START_LEVEL));
    options.add(frameworkProperty("configurator.initial").value(document.toUri().toString()));
    options.add(frameworkProperty("gosh.args").value("--nointeractive --noshutdown"));
    options.add(frameworkProperty("felix.fileinstall.dir")
        .value(Files.createDirectories(data.resolve("deploy")).toString()));
    options.add(frameworkProperty("felix.fileinstall.filter").value(".*\\.jar"));
    options.add(frameworkProperty("felix.fileinstall.poll").value("500"));
    options.add(systemProperty("logback.configurationFile")
        .value(home().resolve("features/logback.xml").toUri().toString()));
    options.add(systemProperty("tenon.logs").value(data.resolve("logs").toString()));
    return composite(options.toArray(Option[]::new));
  }

  /// @param symbolicNames bundles that were built and that the profile leaves out
  /// @return the option that adds them, at the level of providers
  /// @throws IOException if files cannot be read
  /// @throws UsageException if there is no such bundle
  public static Option bundles(String... symbolicNames) throws IOException, UsageException {
    Repository repository = Repository.read(home().resolve("features/target/bundles"));
    return bundles(repository, PROVIDER_LEVEL, List.of(symbolicNames));
  }

  private static Option bundles(Repository repository, int startLevel, List<String> symbolicNames)
      throws UsageException {
    List<Option> options = new ArrayList<>();
    for (String name : symbolicNames) {
      Repository.Jar jar = repository.find(new Profile.Entry(name, new VersionRange("0"), startLevel));
      options.add(bundle(jar.file().toUri().toString()).startLevel(startLevel));
    }
    return composite(options.toArray(Option[]::new));
  }

  private static String supportJar() {
    return Node.class.getProtectionDomain().getCodeSource().getLocation().toString();
  }
}
