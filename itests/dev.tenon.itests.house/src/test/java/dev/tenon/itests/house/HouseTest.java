package dev.tenon.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every rule of the house on the checkout as it was just built.
class HouseTest {
  private static final Path ROOT = Path.of(System.getProperty("tenon.root", "../.."));
  private static final Layers LAYERS = Layers.read(ROOT);

  @Test
  void everyBundleKeepsToItsLayer() {
    assertThat(new LayerCheck(LAYERS, bundles()).run()).isEmpty();
  }

  @Test
  void staticReferencesHaveNoCycleAndPointDown() {
    assertThat(new ReferenceCheck(LAYERS, bundles()).run()).isEmpty();
  }

  @Test
  void noClassCallsWhatIsBanned() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (Bundle bundle : bundles()) {
      LAYERS.room(bundle.name()).ifPresent(room -> findings.addAll(new BanCheck().main(room, bundle)));
    }
    for (Path module : modules()) {
      String name = module.getFileName().toString();
      findings.addAll(new BanCheck().tests(name, classes(module.resolve("target/test-classes"))));
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void everySourceIsTidy() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (Path module : modules()) {
      for (String set : List.of("src/main/java", "src/test/java")) {
        for (Path file : files(module.resolve(set), ".java")) {
          findings.addAll(source(file, set.contains("main")));
        }
      }
      findings.addAll(packages(module.resolve("src/main/java")));
    }
    for (Path bundle : Bundle.folders(ROOT)) {
      findings.addAll(new TidyCheck().readme(shown(bundle), bundle));
    }
    assertThat(findings).isEmpty();
  }

  /// With -Dtenon.picture=write the page is renewed instead.
  @Test
  void thePictureOfTheLayersIsFresh() throws IOException {
    Path file = ROOT.resolve(Picture.FILE);
    String page = Files.readString(file);
    String fresh = Picture.renew(page, LAYERS);
    if (System.getProperty("tenon.picture", "").equals("write")) Files.writeString(file, fresh);
    else assertThat(page).as("%s is stale: call `./tenon layers`", Picture.FILE).isEqualTo(fresh);
  }

  /// Likewise.
  @Test
  void thePageOfTheSlotsKeysIsFresh() throws IOException {
    Path file = ROOT.resolve("docs/operate/slot-configuration.md");
    Path jar = Bundle.jar(ROOT.resolve("bundles/dev.tenon.handover")).orElseThrow();
    byte[] metatype;
    try (var read = new JarFile(jar.toFile())) {
      metatype = read.getInputStream(read.getEntry("OSGI-INF/metatype/dev.tenon.handover.SlotConfig.xml"))
          .readAllBytes();
    }
    String page = Files.readString(file);
    String fresh = ConfigPage.renew(page, metatype);
    if (System.getProperty("tenon.picture", "").equals("write")) Files.writeString(file, fresh);
    else assertThat(page).as("%s is stale: call `./tenon pages`", file).isEqualTo(fresh);
  }

  /// Likewise.
  @Test
  void thePageOfTheMetricsIsFresh() throws IOException {
    MetricPage series = new MetricPage();
    for (Path bundle : Bundle.folders(ROOT)) {
      String name = bundle.getFileName().toString().substring(Layers.PREFIX.length());
      for (Path source : files(bundle.resolve("src/main/java"), ".java")) {
        series.file(shown(source), name, Files.readString(source));
      }
    }
    assertThat(series.findings()).isEmpty();
    Path file = ROOT.resolve("docs/operate/metrics.md");
    String page = Files.readString(file);
    String fresh = series.renew(page);
    if (System.getProperty("tenon.picture", "").equals("write")) Files.writeString(file, fresh);
    else assertThat(page).as("%s is stale: call `./tenon pages`", file).isEqualTo(fresh);
  }

  @Test
  void theListOfDecisionsHasEachWithItsTitle() throws IOException {
    String list = Files.readString(ROOT.resolve("docs/adr/README.md"));
    for (Path page : files(ROOT.resolve("docs/adr"), ".md")) {
      String name = page.getFileName().toString();
      String[] title = Files.readAllLines(page).getFirst().split("[. ]+", 3);
      if (Character.isDigit(name.charAt(0))) {
        assertThat(list).contains("| [" + title[1] + "](" + name + ") | " + title[2] + " |");
      }
    }
  }

  private static List<Finding> source(Path file, boolean main) throws IOException {
    Path info = file.resolveSibling("package-info.java");
    boolean exported = main && Files.exists(info) && TidyCheck.isExported(Files.readString(info));
    return new TidyCheck().file(shown(file), Files.readString(file), exported);
  }

  private static List<Finding> packages(Path sources) throws IOException {
    TreeMap<Path, List<Finding>> findings = new TreeMap<>();
    for (Path file : files(sources, ".java")) {
      Path folder = file.resolveSibling("");
      if (findings.containsKey(folder)) continue;
      Path info = file.resolveSibling("package-info.java");
      String text = Files.exists(info) ? Files.readString(info) : null;
      findings.put(folder, new TidyCheck().packageInfo(shown(info), text, true));
    }
    return findings.values().stream().flatMap(List::stream).toList();
  }

  private static String shown(Path path) {
    return ROOT.relativize(path).toString();
  }

  private static List<Bundle> bundles() {
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : Bundle.folders(ROOT)) {
      Path jar = Bundle.jar(folder)
          .orElseThrow(
              () -> new AssertionError(shown(folder) + " is not built: `mvn package` the whole reactor first"));
      bundles.add(Bundle.read(folder.getFileName().toString(), jar));
    }
    return bundles;
  }

  private static List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>(Bundle.folders(ROOT));
    try (Stream<Path> list = Files.list(ROOT.resolve("itests"))) {
      modules.addAll(list.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList());
    }
    return modules;
  }

  private static Map<String, byte[]> classes(Path folder) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    // The planted faults are meant to break the rules.
    for (Path file : files(folder, ".class")) {
      if (!file.getFileName().toString().startsWith("Planted")) classes.put(file.toString(), Files.readAllBytes(file));
    }
    return classes;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    if (!Files.isDirectory(folder)) return List.of();
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
