package dev.tenon.shell;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exchanges a bundle that the profile brought, in place, for the jar of the same symbolic name that somebody copies
/// into the deploy folder, whatever its version.
///
/// File Install alone would do so for the same version only, would install another version beside the old one, where
/// no slot takes it, and would uninstall the profile's bundle once the jar is removed. All jars whose name the profile
/// does not know stay with File Install. A jar is applied once, when it appears or changes: what is updated later by
/// other means stays.
@Component(name = "dev.tenon.shell.deploy")
public final class DeployFolder implements ArtifactInstaller {
  private static final Logger log = LoggerFactory.getLogger(DeployFolder.class);
  private static final String APPLIED = "applied.properties";
  private static final int FILES_MAX = 1_024;

  private final BundleContext context;

  /// @param context this bundle's
  @Activate
  public DeployFolder(BundleContext context) {
    this.context = context;
  }

  @Override
  public boolean canHandle(File file) {
    return file.getName().endsWith(".jar") && (applied(file.toPath()) != null || replaced(file.toPath()) != null);
  }

  @Override
  public void install(File file) throws IOException, BundleException {
    update(file);
  }

  /// Also called for what lay there at the last start: that is left alone.
  @Override
  public synchronized void update(File file) throws IOException, BundleException {
    Path jar = file.toPath();
    String stamp = Files.size(jar) + "@" + Files.getLastModifiedTime(jar).toMillis();
    if (stamp.equals(applied(jar))) {
      return;
    }
    // First, since this very bundle may be the one: its context ends with the update.
    remember(jar, stamp);
    FrameworkWiring wiring = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    Bundle bundle = replaced(jar);
    try (InputStream content = Files.newInputStream(jar)) {
      if (bundle != null) {
        bundle.update(content);
        refresh(wiring, bundle);
      } else {
        // It was uninstalled since: the jar is all that is left of it.
        bundle = context.installBundle(location(jar), content);
        bundle.start();
      }
    }
    log.atInfo().addKeyValue("bundle", bundle.getSymbolicName()).addKeyValue("version", bundle.getVersion())
        .log("bundle exchanged from the deploy folder");
  }

  /// The bundle keeps what it has: removing a file is no wish to be without a provider.
  @Override
  public synchronized void uninstall(File file) throws IOException, BundleException {
    remember(file.toPath(), null);
    Bundle own = context.getBundle(location(file.toPath()));
    if (own != null) {
      own.uninstall();
    }
  }

  /// Those who use its packages are wired anew; where nobody does, nothing is stopped a second time.
  private static void refresh(FrameworkWiring wiring, Bundle bundle) {
    if (wiring.getRemovalPendingBundles().contains(bundle)) {
      wiring.refreshBundles(List.of(bundle));
    }
  }

  /// The bundle with the jar's symbolic name that does not come from the same folder.
  private @Nullable Bundle replaced(Path jar) {
    String name = symbolicName(jar);
    String location = location(jar);
    String folder = location.substring(0, location.lastIndexOf('/') + 1);
    return Stream.of(context.getBundles())
        .filter(bundle -> bundle.getBundleId() != 0 && name.equals(bundle.getSymbolicName()))
        .filter(bundle -> !bundle.getLocation().startsWith(folder))
        .min(Comparator.comparingLong(Bundle::getBundleId)).orElse(null);
  }

  /// As File Install names it.
  private static String location(Path jar) {
    return jar.toFile().toURI().toString();
  }

  /// Empty for what is no bundle, or not yet whole.
  private static String symbolicName(Path file) {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      String name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
      return name == null ? "" : name.split(";", 2)[0].strip();
    } catch (IOException e) {
      log.atDebug().addKeyValue("reason", e.getMessage()).log("not a jar yet");
      return "";
    }
  }

  private @Nullable String applied(Path jar) {
    return all().getProperty(jar.getFileName().toString());
  }

  private synchronized Properties all() {
    Properties all = new Properties();
    Path file = context.getDataFile(APPLIED).toPath();
    if (Files.isRegularFile(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        all.load(reader);
      } catch (IOException e) {
        log.atWarn().setCause(e).log("what was deployed is not known; it is applied again");
      }
    }
    return all;
  }

  private void remember(Path jar, @Nullable String stamp) throws IOException {
    Properties all = all();
    String name = jar.getFileName().toString();
    if (stamp == null) {
      all.remove(name);
    } else if (all.size() < FILES_MAX || all.containsKey(name)) {
      all.setProperty(name, stamp);
    }
    try (Writer writer = Files.newBufferedWriter(context.getDataFile(APPLIED).toPath())) {
      all.store(writer, null);
    }
  }
}
