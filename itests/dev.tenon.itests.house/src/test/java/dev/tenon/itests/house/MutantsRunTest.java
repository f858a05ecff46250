package dev.tenon.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `mutants/run` says of a mutant, by the report of the test that it names. A Maven that is none writes it.
class MutantsRunTest {
  private static final Path ROOT = Path.of(System.getProperty("tenon.root", "../.."));
  private static final int ANSWER_SECONDS = 60;
  /// Larger than what a pipe takes at once: who reads it does not see its end.
  private static final int MANY = 2_000;
  private static final String FOUND = "<testcase><failure message=\"acknowledged items are gone\">at x</failure>";
  private static final String OTHER = "<testcase><failure message=\"something else\">at x</failure></testcase>";

  private final Path checkout;
  private final Path tools;

  MutantsRunTest(@TempDir Path folder) {
    this.checkout = folder.resolve("checkout");
    this.tools = folder.resolve("tools");
  }

  @Test
  void aFailureThatShowsItIsFound() throws Exception {
    assertThat(said(FOUND)).startsWith("0 found     H1  planted: something is left out\n1 mutants, 0 not found");
  }

  @Test
  void aFailureThatShowsItIsFoundAmongMany() throws Exception {
    assertThat(said(FOUND + OTHER.repeat(MANY))).startsWith("0 found ");
    assertThat(said(OTHER.repeat(MANY) + FOUND)).startsWith("0 found ");
  }

  @Test
  void aTestThatIsRedForAnotherReasonFindsNothing() throws Exception {
    assertThat(said(OTHER.repeat(MANY))).startsWith("1 NOT FOUND H1  planted: its test is red for another reason");
  }

  @Test
  void aTestThatBreaksDownFindsNothing() throws Exception {
    assertThat(said("<testcase><error message=\"acknowledged items are gone\">at x</error></testcase>"))
        .startsWith("1 NOT FOUND H1  planted: its test breaks down");
  }

  @Test
  void aTestThatStaysGreenFindsNothing() throws Exception {
    assertThat(said("<testcase/>")).startsWith("1 NOT FOUND H1  planted: its test stays green");
  }

  @Test
  void aPatchThatDoesNotApplyFindsNothing() throws Exception {
    make("<testcase/>");
    Files.writeString(checkout.resolve("code"), "it was changed\n");
    assertThat(run()).startsWith("1 NOT FOUND H1  planted: does not apply");
  }

  private String said(String report) throws Exception {
    make(report);
    return run();
  }

  private void make(String report) throws IOException {
    Files.createDirectories(checkout.resolve("mutants"));
    Files.createDirectories(tools);
    Files.copy(ROOT.resolve("mutants/run"), checkout.resolve("mutants/run"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(checkout.resolve("code"), "it is done\n");
    Files.writeString(checkout.resolve("report"),
        "<testsuite>\n" + report.replace("<testcase>", "\n<testcase>") + "\n");
    Files.writeString(checkout.resolve("mutants/planted.patch"), """
        Promise: H1
        Breaks: something is left out
        Test: module ATest#finds
        Shows: acknowledged (are|items are gone)
        Found by: its report

        diff --git a/code b/code
        --- a/code
        +++ b/code
        @@ -1 +1 @@
        -it is done
        +it is left out
        """);
    Path maven = tools.resolve("mvn");
    Files.writeString(maven, """
        #!/bin/sh
        mkdir -p module/target/surefire-reports
        cp report module/target/surefire-reports/TEST-x.ATest.xml
        """);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
  }

  /// @return the exit code, and all that was printed
  private String run() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", checkout.resolve("mutants/run").toString()).redirectErrorStream(true);
    builder.environment().merge("PATH", tools.toString(), (path, first) -> first + ":" + path);
    Process script = builder.start();
    script.getOutputStream().close();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)).isTrue();
    return script.exitValue() + " " + said;
  }
}
