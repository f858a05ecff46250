package dev.tenon.itests.support;

import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A node as `./tenon run` starts it, in a JVM of its own.
public final class ForkedNode implements AutoCloseable {
  private static final int START_SECONDS_MAX = 60;
  private final Path data;
  private final Path output;
  private final Process process;

  /// @param data its data folder
  /// @param options further options of `./tenon run`
  /// @throws IOException if the JVM cannot be started
  public ForkedNode(Path data, String... options) throws IOException {
    this(Node.home(), data, options);
  }

  /// @param home a checkout, or what looks like one to the launcher
  /// @param data its data folder
  /// @param options further options of `./tenon run`
  /// @throws IOException if the JVM cannot be started
  public ForkedNode(Path home, Path data, String... options) throws IOException {
    this.data = data;
    output = Files.createTempFile("tenon-node-", ".out");
    String features = Node.home().resolve("features/target").toString();
    List<String> command = Stream.of(withCtrlC().stream(),
        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + Node.home().resolve("features/jvm.options"), "-Dtenon.home=" + home, "-cp",
            features + "/mains/*" + File.pathSeparator + features + "/bundles/*",
            "dev.tenon.launcher.Launcher", "--data", data.toString()),
        Stream.of(options)).flatMap(part -> part).toList();
    process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /// Waits until the node answers.
  ///
  /// @return this
  public ForkedNode awaitUp() {
    Await.until("the node answers", START_SECONDS_MAX, () -> !process.isAlive() || output().contains("metrics at"));
    if (!process.isAlive()) throw new AssertionError("the node ended: " + output());
    return this;
  }

  /// @param line a command
  /// @return the answer
  public String ask(String line) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("control/socket")))) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("no answer to " + line + ": " + e + "\n" + output(), e);
    }
  }

  /// @return what it printed
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Sends the signal of Ctrl-C in a service's form and waits.
  ///
  /// @return the exit code
  public int stop() {
    process.destroy();
    return awaitExit();
  }

  /// Sends the signal of Ctrl-C and waits.
  ///
  /// @return the exit code
  public int interrupt() {
    try {
      Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start();
      if (!kill.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new AssertionError("the signal was not sent");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return awaitExit();
  }

  /// @return the exit code
  public int awaitExit() {
    try {
      if (process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS)) return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the node did not end: " + output());
  }

  /// Whoever runs these tests may ignore Ctrl-C, as a shell's background jobs do, and a JVM that inherits this never
  /// hears of it. Where there is a tool that takes this back it goes before the command.
  private static List<String> withCtrlC() throws IOException {
    List<String> prefix = List.of("env", "--default-signal=INT");
    Process tried = new ProcessBuilder(Stream.concat(prefix.stream(), Stream.of("true")).toList())
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try {
      return tried.waitFor() == 0 ? prefix : List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
