package dev.tenon.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.itests.house.Layers.Room;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: each check fails where its rule is broken. Method: small bundles made here, each with one fault.
class PlantedFaultsTest {
  private static final Layers LAYERS = Layers.parse("""
      dev.tenon.codec   L0
      dev.tenon.a.api   L1
      dev.tenon.b.api   L1  sees:dev.tenon.a.api(b knows a)
      dev.tenon.one     L2
      dev.tenon.two     L2
      dev.tenon.engine  L3
      """);

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  @Test
  void findsImportsThatPointUpOrSideways() {
    assertThat(layers(bundle("dev.tenon.codec", "dev.tenon.a", ""), api("dev.tenon.a.api", "dev.tenon.a", "")))
        .contains("import-upward");
    assertThat(layers(api("dev.tenon.a.api", "dev.tenon.a", "dev.tenon.b"), api("dev.tenon.b.api", "dev.tenon.b", "")))
        .contains("import-sideways");
    assertThat(layers(api("dev.tenon.a.api", "dev.tenon.a", ""), api("dev.tenon.b.api", "dev.tenon.b", "dev.tenon.a")))
        .doesNotContain("import-sideways");
    assertThat(layers(bundle("dev.tenon.one", "dev.tenon.two", ""), bundle("dev.tenon.two", "", "")))
        .contains("import-sideways", "import-private");
  }

  @Test
  void findsWrongExportsAndForeignLibraries() {
    assertThat(layers(bundle("dev.tenon.one", "", "dev.tenon.one;version=\"1.0.0\""))).contains("export-forbidden");
    assertThat(layers(bundle("dev.tenon.codec", "", "dev.tenon.codec"))).contains("export-version");
    assertThat(layers(bundle("dev.tenon.one", "org.bouncycastle.math", ""))).contains("import-third-party");
    assertThat(layers(bundle("dev.tenon.codec", "org.osgi.framework", ""))).contains("import-third-party");
    assertThat(layers(bundle("dev.tenon.one", "org.osgi.framework,java.util,org.slf4j", "")))
        .doesNotContain("import-third-party");
    assertThat(layers(bundle("dev.tenon.one", "dev.tenon.nowhere", ""))).contains("import-unknown");
  }

  @Test
  void findsBundlesThatTheFileDoesNotName() {
    assertThat(layers(bundle("dev.tenon.three", "", ""))).contains("layer-missing", "bundle-missing");
    assertThat(Layers.parse("dev.tenon.x  L7\n").findings()).hasSize(1);
    assertThat(Layers.parse("dev.tenon.x  L2  sees:dev.tenon.y\n").findings()).hasSize(1);
    assertThat(Layers.parse("dev.tenon.x  L2\ndev.tenon.x  L3\n").findings()).hasSize(1);
  }

  @Test
  void findsSplitAndMisnamedPackages() {
    Bundle one =
        new Bundle("dev.tenon.one", manifest("dev.tenon.one", "", ""), Map.of("dev/tenon/two/A.class", new byte[0]),
            Map.of());
    assertThat(layers(one, bundle("dev.tenon.two", "", ""))).contains("split-package", "package-name");
  }

  @Test
  void findsCyclesAndUpwardReferences() {
    Bundle one = component("dev.tenon.one", "x.One", "x.Two", "static");
    assertThat(references(one, component("dev.tenon.two", "x.Two", "x.One", "static")))
        .containsExactly("reference-cycle");
    assertThat(references(one, component("dev.tenon.two", "x.Two", "x.One", "dynamic"))).isEmpty();
    assertThat(references(one, component("dev.tenon.engine", "x.Two", "x.Other", "static")))
        .containsExactly("reference-upward");
  }

  @Test
  void findsBannedCalls() throws IOException {
    Map<String, String> faults = new TreeMap<>();
    faults.put("Thread.yield();", "threads");
    faults.put("Runnable r = Thread::yield;", "threads");
    faults.put("System.nanoTime();", "wall-clock");
    faults.put("java.util.function.LongSupplier s = System::currentTimeMillis;", "wall-clock");
    faults.put("new java.util.Random();", "unseeded-random");
    faults.put("java.util.UUID.randomUUID();", "unseeded-random");
    faults.put("new java.security.SecureRandom();", "secure-random");
    faults.put("try { java.nio.file.Files.delete(null); } catch (java.io.IOException e) { }", "files");
    faults.put("java.util.List.of().parallelStream();", "parallel-stream");
    faults.put("new Object().hashCode();", "identity-hash");
    faults.put("java.util.Set.of(1, 2);", "shuffled-collection");
    faults.put("java.util.Map.of(1, 2, 3, 4);", "shuffled-collection");
    faults.put("\"%d\".formatted(3);", "default-locale");
    faults.put("\"a\".getBytes();", "default-charset");
    faults.put("synchronized (this) { }", "synchronized");
    faults.put("java.util.concurrent.CompletableFuture.runAsync(null);", "future");
    for (var fault : faults.entrySet()) {
      assertThat(bans("dev.tenon.one", compile(fault.getKey()))).as(fault.getKey()).containsOnly(fault.getValue());
    }
    String fair = "java.util.Set.of(1); new java.util.Random(3); new java.util.concurrent.CompletableFuture<String>();";
    assertThat(bans("dev.tenon.one", compile(fair))).isEmpty();
    assertThat(bans("dev.tenon.engine", compile(fair))).containsOnly("future");
  }

  @Test
  void findsKeysHashedByIdentityAndSleepingTests() throws IOException {
    String keyed = "} enum Key { A } java.util.Map<Key, String> map = new java.util.HashMap<>(); void g() {";
    assertThat(bans("dev.tenon.one", compile(keyed))).containsExactly("identity-keys");
    String record = "} record Key(int a) { } java.util.Map<Key, String> map = new java.util.HashMap<>(); void g() {";
    assertThat(bans("dev.tenon.one", compile(record))).isEmpty();
    var sleeping = compile("try { Thread.sleep(3); } catch (InterruptedException e) { }");
    assertThat(new BanCheck().tests("t", sleeping)).extracting(Finding::rule).containsExactly("test-sleep");
  }

  @Test
  void aGrantExcusesItsRuleAndMustBeNeeded() throws IOException {
    Room granted = Layers.parse("dev.tenon.one L2 bans:wall-clock(measures itself)").rooms().getFirst();
    Bundle timed =
        new Bundle("dev.tenon.one", manifest("dev.tenon.one", "", ""), compile("System.nanoTime();"), Map.of());
    assertThat(new BanCheck().main(granted, timed)).isEmpty();
    Bundle calm = new Bundle("dev.tenon.one", manifest("dev.tenon.one", "", ""), compile(""), Map.of());
    assertThat(new BanCheck().main(granted, calm)).extracting(Finding::rule).containsExactly("stale-grant");
  }

  @Test
  void findsUntidySources() {
    assertThat(tidy("class A {\n" + "\n".repeat(TidyCheck.FILE_LINES_MAX) + "}\n", false))
        .containsExactly("file-length");
    assertThat(tidy("class A { void f() {" + "\n".repeat(TidyCheck.METHOD_LINES_MAX) + "} }", false))
        .containsExactly("method-length");
    assertThat(tidy("class A { // " + "x".repeat(TidyCheck.COLUMNS_MAX) + "\n}\n", false))
        .containsExactly("line-length");
    assertThat(tidy("class A { } // TO" + "DO later\n", false)).containsExactly("todo");
    assertThat(tidy("class A { } // TO" + "DO(#12) later\n", false)).isEmpty();
    assertThat(tidy("/// @" + "author me\nclass A { }\n", false)).containsExactly("author");
    assertThat(tidy("import java.util.*;\nclass A { }\n", false)).containsExactly("wildcard-import");
    assertThat(tidy("class A { void f() { assert true; } }\n", false)).containsExactly("assert");
    for (String name : List.of("TipManager", "FooImpl", "ByteUtils", "AbstractFoo", "IFoo", "TestHelper")) {
      assertThat(tidy("class " + name + " { }\n", false)).as(name).containsExactly("type-name");
    }
    assertThat(tidy("class Input { }\nclass Idle { }\n", false)).isEmpty();
  }

  @Test
  void findsPublicMembersWithoutComment() {
    assertThat(tidy("public class A { }\n", true)).containsExactly("comment-missing");
    assertThat(tidy("/// A.\npublic interface A { void f(); }\n", true)).containsExactly("comment-missing");
    assertThat(tidy("/// A.\npublic interface A { int B = 3; }\n", true)).containsExactly("comment-missing");
    assertThat(tidy("/// A.\npublic enum A { B }\n", true)).containsExactly("comment-missing");
    assertThat(tidy("/// A.\npublic interface A { record B(int c) { } }\n", true)).containsExactly("comment-missing");
    assertThat(tidy(
        "/// A.\npublic class A { private int b; void g() { } @Override public String toString() { return \"\"; } }\n",
        true)).isEmpty();
    assertThat(tidy("class A { public void f() { } }\n", true)).isEmpty();
  }

  @Test
  void findsPoorPackages() throws IOException {
    assertThat(rules(new TidyCheck().packageInfo("p", null, true))).containsExactly("package-info");
    assertThat(rules(new TidyCheck().packageInfo("p", "/// A.\n@Export\n@NullMarked\npackage a;", true)))
        .containsExactly("package-info");
    assertThat(new TidyCheck().packageInfo("p", "/// A.\n@Export\n@Version(\"1\")\n@NullMarked\npackage a;", true))
        .isEmpty();
    assertThat(rules(new TidyCheck().readme("p", folder))).containsExactly("readme");
  }

  @Test
  void theStalePictureDiffers() {
    String page = "before\n" + Picture.START + "\nold\n" + Picture.END + "\nafter\n";
    String fresh = Picture.renew(page, LAYERS);
    assertThat(fresh).startsWith("before\n").endsWith("after\n").contains("one  two").doesNotContain("old");
    assertThat(Picture.renew(fresh, LAYERS)).isEqualTo(fresh);
  }

  private static List<String> rules(List<Finding> findings) {
    return findings.stream().map(Finding::rule).toList();
  }

  private static List<String> layers(Bundle... bundles) {
    return rules(new LayerCheck(LAYERS, Arrays.asList(bundles)).run());
  }

  private static List<String> references(Bundle... bundles) {
    return rules(new ReferenceCheck(LAYERS, Arrays.asList(bundles)).run());
  }

  private static List<String> bans(String name, Map<String, byte[]> classes) {
    Bundle bundle = new Bundle(name, manifest(name, "", ""), classes, Map.of());
    return rules(new BanCheck().main(LAYERS.room(name).orElseThrow(), bundle));
  }

  private static List<String> tidy(String text, boolean exported) {
    return rules(new TidyCheck().file("A.java", text, exported));
  }

  private static Bundle bundle(String name, String imports, String exports) {
    return new Bundle(name, manifest(name, imports, exports), Map.of(name.replace('.', '/') + "/A.class", new byte[0]),
        Map.of());
  }

  private static Bundle api(String name, String exported, String imports) {
    return new Bundle(name, manifest(name, imports, exported + ";version=\"1.0.0\""),
        Map.of(exported.replace('.', '/') + "/A.class", new byte[0]), Map.of());
  }

  private static Bundle component(String name, String offered, String needed, String policy) {
    String xml = """
        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s">
          <service><provide interface="%s"/></service>
          <reference name="r" interface="%s" policy="%s"/>
        </scr:component>
        """.formatted(name, offered, needed, policy);
    return new Bundle(name, manifest(name, "", ""), Map.of(), Map.of("OSGI-INF/a.xml", xml));
  }

  private static Manifest manifest(String name, String imports, String exports) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    if (!imports.isEmpty()) manifest.getMainAttributes().putValue("Import-Package", imports);
    if (!exports.isEmpty()) manifest.getMainAttributes().putValue("Export-Package", exports);
    return manifest;
  }

  private Map<String, byte[]> compile(String body) throws IOException {
    Path out = Files.createTempDirectory(folder, "planted");
    Path source = out.resolve("Planted.java");
    Files.writeString(source, "package dev.tenon.planted; class Planted { void f() { " + body + " } }",
        StandardCharsets.UTF_8);
    int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", out.toString(), source.toString());
    assertThat(result).as(body).isZero();
    Map<String, byte[]> classes = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(out)) {
      for (Path file : walk.filter(each -> each.toString().endsWith(".class")).toList()) {
        classes.put(out.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return classes;
  }
}
