package dev.tenon.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A devnet in a JVM of its own, as fast as it certifies, for a benchmark.
final class BenchNode implements AutoCloseable {
  private static final int SECONDS_MAX = 60;
  private static final Pattern CERTIFIED = Pattern.compile("chunks/s, (\\d+) in all");
  private static final Pattern FIRST = Pattern.compile("first certified chunk after (\\d+) ms");

  private final NodeFolder folder = new NodeFolder();
  private final Path output;
  private final Process process;

  BenchNode(Path home, Path data) throws IOException {
    folder.data = data;
    output = Files.createTempFile("tenon-bench-", ".out");
    process = run(home, List.of("--data", data.toString(), "--rate", "0")).redirectOutput(output.toFile()).start();
  }

  /// A node as `./tenon run` starts it.
  ///
  /// @param home the checkout
  /// @param options of `./tenon run`
  static ProcessBuilder run(Path home, List<String> options) {
    String features = home.resolve("features/target").toString();
    String jvm = System.getProperty("tenon.node.options", home.resolve("features/jvm.options").toString());
    List<String> command = new ArrayList<>(List.of(javaBin("java"), "@" + jvm, "-Dtenon.home=" + home, "-cp",
        features + "/mains/*" + File.pathSeparator + features + "/bundles/*",
        "dev.tenon.launcher.Launcher"));
    command.addAll(options);
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /// Asks a JVM.
  ///
  /// @param pid its process
  /// @param command of the JDK's tool
  /// @return the answer
  /// @throws IOException also where the tool could not ask it
  static String jcmd(long pid, String command) throws IOException {
    Process jcmd = new ProcessBuilder(javaBin("jcmd"), Long.toString(pid), command).redirectErrorStream(true).start();
    String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    waitFor(jcmd);
    return answered(command, jcmd.exitValue(), answer);
  }

  /// What a tool says that has failed is no answer, and what is counted in it is nothing.
  static String answered(String command, int code, String answer) throws IOException {
    if (code != 0) throw new IOException("jcmd " + command + " ended with " + code + ": " + oneLine(answer));
    return answer;
  }

  static String oneLine(String text) {
    return text.strip().replace('\n', ' ');
  }

  /// @param line the devnet's status line
  /// @return how many chunks are certified
  static long certified(String line) throws IOException {
    Matcher all = CERTIFIED.matcher(line);
    if (!all.find()) throw new IOException("the devnet tells no count of certified chunks");
    return Long.parseLong(all.group(1));
  }

  /// @return milliseconds from the start of the process to its first certified chunk
  double awaitFirst() throws IOException {
    for (int i = 0; i < SECONDS_MAX * 10; i++) {
      Matcher first = FIRST.matcher(Files.readString(output));
      if (first.find()) return Double.parseDouble(first.group(1));
      if (!process.isAlive()) break;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    throw new IOException("the devnet certified nothing: " + Files.readString(output).replace('\n', ' '));
  }

  long certified() throws IOException {
    return certified(ask("line"));
  }

  String ask(String line) throws IOException {
    return folder.ask(line);
  }

  void checkHealthy() throws IOException {
    String health = ask("health");
    if (!health.startsWith("ok")) throw new IOException("the devnet is not healthy: " + health.replace('\n', ' '));
  }

  long pid() {
    return process.pid();
  }

  Path data() {
    return folder.data;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    waitFor(process);
    Files.deleteIfExists(output);
  }

  static String javaBin(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  static void waitFor(Process process) throws IOException {
    try {
      process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
