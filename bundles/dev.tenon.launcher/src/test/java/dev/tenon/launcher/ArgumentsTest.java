package dev.tenon.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {
  private final Path home;

  ArgumentsTest(@TempDir Path home) {
    this.home = home;
  }

  @BeforeEach
  void makeProfile() throws IOException {
    Path folder = Files.createDirectories(home.resolve("features/demo"));
    Files.writeString(folder.resolve("demo.bndrun"), "-runbundles: a.b;version='[1.0.0,1.0.1)'\n");
    Files.writeString(folder.resolve("options.properties"), """
        rate = dev.tenon.demo.ratePerSecond ; N ; chunks/s
        input = dev.tenon.demo.input ; DIR ; files
        """);
    Files.writeString(home.resolve("features/common.bnd"), "start-levels: a.*=7, *=5\n");
  }

  @Test
  void readsEveryOption() throws Exception {
    Path file = Files.writeString(home.resolve("c.json"), "{}");
    Arguments arguments = parse("--profile", "demo", "--data=" + home.resolve("d"), "--for", "3", "--config",
        file.toString(), "--set", "a.b.c=1");
    assertThat(arguments.profile()).isEqualTo("demo");
    assertThat(arguments.data()).isEqualTo(home.resolve("d"));
    assertThat(arguments.seconds()).isEqualTo(3);
    assertThat(arguments.files()).containsExactly(file);
    assertThat(arguments.settings()).containsExactly("a.b.c=1");
  }

  @Test
  void turnsAProfilesOwnOptionIntoASetting() throws Exception {
    assertThat(parse("--rate", "7", "--profile", "demo").settings()).containsExactly("dev.tenon.demo.ratePerSecond=7");
  }

  @Test
  void refusesValuesThatAProfilesOwnOptionCannotTake() throws Exception {
    for (String value : List.of("x", "-1", "1.5", "", "9999999999")) {
      assertThatThrownBy(() -> parse("--rate", value, "--profile", "demo")).isInstanceOf(UsageException.class)
          .hasMessageContaining("--rate '" + value + "'");
    }
    assertThat(parse("--input", home.toString(), "--profile", "demo").settings())
        .containsExactly("dev.tenon.demo.input=" + home);
    assertThatThrownBy(() -> parse("--input", home.resolve("none").toString(), "--profile", "demo"))
        .isInstanceOf(UsageException.class).hasMessageContaining("no such folder");
  }

  @Test
  void refusesAnotherProfilesOption() {
    assertThatThrownBy(() -> parse("--rate", "7", "--profile", "other")).isInstanceOf(UsageException.class)
        .hasMessageContaining("unknown option '--rate'");
  }

  @Test
  void refusesValuesOutOfRange() {
    for (String value : List.of("0", "-1", "1.5", "x", "", "99999999")) {
      assertThatThrownBy(() -> parse("--for", value)).isInstanceOf(UsageException.class).hasMessageContaining("--for");
    }
  }

  @Test
  void refusesAnOptionWithoutValue() {
    assertThatThrownBy(() -> parse("--data")).isInstanceOf(UsageException.class).hasMessage("--data needs a value");
  }

  @Test
  void refusesAMissingFileAndASettingWithoutKey() {
    assertThatThrownBy(() -> parse("--config", "/nonexistent.json")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> parse("--set", "rate=5")).isInstanceOf(UsageException.class);
  }

  @Test
  void refusesAFolderTooDeepForTheSocketByOneByte() throws Exception {
    String path = "/" + "d".repeat(DataPath.BYTES_MAX - 1);
    assertThat(parse("--data", path).data()).isEqualTo(Path.of(path));
    assertThatThrownBy(() -> parse("--data", path + "d")).isInstanceOf(UsageException.class);
  }

  @Test
  void givesEachBundleTheFirstLevelThatMatches() throws Exception {
    Profile profile = Profile.read(home.resolve("features"), "demo");
    assertThat(profile.entries()).hasSize(1);
    assertThat(profile.entries().getFirst().symbolicName()).isEqualTo("a.b");
    assertThat(profile.entries().getFirst().startLevel()).isEqualTo(7);
  }

  @Test
  void readsTheConfigurationThatTheDescriptorNames() throws Exception {
    Path features = home.resolve("features");
    assertThat(Profile.read(features, "demo").configuration()).isEmpty();
    Path only = Files.writeString(features.resolve("demo/configuration.json"), "{}");
    assertThat(Profile.read(features, "demo").configuration()).containsExactly(only);
    Path more = Files.createDirectories(features.resolve("more"));
    Files.writeString(more.resolve("more.bndrun"), "configuration: ../demo/configuration.json, own.json\n");
    assertThat(Profile.read(features, "more").configuration()).containsExactly(only, more.resolve("own.json"));
  }

  @Test
  void namesTheKnownProfiles() {
    assertThatThrownBy(() -> Profile.read(home.resolve("features"), "../demo")).isInstanceOf(UsageException.class)
        .hasMessageContaining("known: demo");
  }

  private Arguments parse(String... words) throws UsageException, IOException {
    return Arguments.parse(List.of(words), home);
  }
}
