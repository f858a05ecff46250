package dev.tenon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// What is done to the bundles of the providers while they serve.
final class SoakTroubles {
  private static final List<String> JOURNALS = List.of("dev.tenon.journal.segmented", "dev.tenon.storage.mapdb");
  /// Both providers of the schemes are in one bundle: without it nobody signs, and nobody verifies certificates.
  private static final String SCHEMES = "dev.tenon.scheme.ec";
  private static final List<String> PROVIDERS = Stream.concat(JOURNALS.stream(), Stream.of(SCHEMES)).toList();

  /// How locations of bundles begin that the launcher installs.
  private static final String PROFILE = "tenon:";

  private final Path home;
  private final Random random;

  /// What was done to a bundle.
  ///
  /// @param what in a word
  /// @param ofSchemes whether it was that of the schemes
  record Trouble(String what, boolean ofSchemes) {
  }

  SoakTroubles(Path home, Random random) {
    this.home = home;
    this.random = random;
  }

  /// @return what was done
  Trouble any(SoakNode node) throws IOException {
    String provider = PROVIDERS.get(random.nextInt(PROVIDERS.size()));
    String what = switch (random.nextInt(5)) {
      case 0 -> stopAndStart(node, provider);
      case 1 -> uninstall(node, provider);
      default -> update(node, provider);
    };
    return new Trouble(what, provider.equals(SCHEMES));
  }

  void updateJournals(SoakNode node) throws IOException {
    for (String provider : JOURNALS) {
      String unused = update(node, provider);
    }
  }

  private String update(SoakNode node, String provider) throws IOException {
    node.ask("gogo update " + node.bundle(provider) + " " + jar(provider).toUri());
    awaitBack(node, provider);
    return "update";
  }

  private static String stopAndStart(SoakNode node, String provider) throws IOException {
    String bundle = node.bundle(provider);
    node.ask("gogo stop " + bundle);
    node.ask("gogo start " + bundle);
    awaitBack(node, provider);
    return "stop";
  }

  /// Also where its start has failed, and the node has to start it again.
  private static void awaitBack(SoakNode node, String provider) throws IOException {
    node.await(provider + " is back", () -> node.ask("gogo lb -s " + provider).contains("Active"));
  }

  /// It comes back through the deploy folder, and the next time goes and comes there.
  private String uninstall(SoakNode node, String provider) throws IOException {
    Path deploy = node.data().resolve("deploy");
    Path deployed = deploy.resolve(provider + ".jar");
    Files.deleteIfExists(deployed);
    // One of the folder goes with its jar. The profile's stays, and is there again where a kill met an update: the
    // framework drops a bundle whose content is half written.
    if (node.ask("gogo lb -l").contains(PROFILE + provider)) node.ask("gogo uninstall " + node.bundle(provider));
    node.await(provider + " is uninstalled", () -> !node.ask("gogo lb -s " + provider).contains(provider));
    Path draft = deploy.resolve(provider + ".draft"); // whole, or not there
    Files.copy(jar(provider), draft, StandardCopyOption.REPLACE_EXISTING);
    Files.move(draft, deployed, StandardCopyOption.ATOMIC_MOVE);
    awaitBack(node, provider);
    return "uninstall";
  }

  private Path jar(String provider) throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("features/target/bundles"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(provider + "-")).findFirst()
          .orElseThrow(() -> new IOException("no jar of " + provider));
    }
  }
}
