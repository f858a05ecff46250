package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  /// What the node was asked last, line by line.
  private final List<String> asked = new CopyOnWriteArrayList<>();

  MainTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void everyCommandHasHelp() {
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      assertThat(run(name, "--help")).as(name).isZero();
      assertThat(out.toString()).contains(name);
    }
  }

  @Test
  void refusesWhatItDoesNotKnowInOneLine() {
    for (String[] words : new String[][] {{"nonsense"}, {"status", "--nonsense"}, {"logs", "--lines", "x"},
        {"logs", "--lines", "0"}, {"vectors"}, {"simulate", "--scenario", "nonsense"}, {"simulate", "--count", "0"},
        {"simulate", "--scheme", "nonsense"}, {"bench"}, {"bench", "nonsense"},
        {"soak", "--seconds", "-1"}, {"soak", "--swaps", "-1"}, {"soak", "--kill", "-1"}, {"soak", "--rate", "-1"},
        {"soak", "--rate", "1000001"}, {"soak", "--plant", "nonsense"}, {"soak", "--at", "forget"}, {"swap", "s"},
        {"swap", "s", "mapdb", "--cancel", "--evict"}, {"swap", "s", "--cancel", "--evict"},
        {"swap", "s", "--cancel", "--dry-run"},
        {"swap", "s", "mapdb", "--dry-run", "--evict"}, {"swap", "s", "mapdb", "--seconds", "0"}, {"rollback"},
        {"rollback", "s", "--seconds", "0"}, {"slot"}, {"slot", "nonsense", "s"}, {"slot", "recover"},
        {"slot", "recover", "s", "--nonsense"}, {"slot", "recover", "s", "--from", "a", "--from-retained"},
        {"slot", "recover", "s", "--seen", "a"}, {"slot", "recover", "s", "--from", "a", "--nothing-above"},
        {"pin"}, {"pin", "--off"}, {"pin", "s", "--bogus"},
        {"pin", "--bogus", "s"}, {"pin", "s", "t"}, {"pin", "s", "--off", "t"}, {"config"}, {"config", "foo"},
        {"config", "get", "a", "b"}, {"config", "set"}, {"config", "set", "a.b"}, {"config", "set", "a=b"},
        {"config", "set", "a.b", "=c"}, {"config", "get", "--bogus"}, {"upgrade"}, {"upgrade", "a"},
        {"upgrade", "--plan", "--now"},
        {"simulate", "--scenario", "durable-acks", "--trace", folder.resolve("no/such").toString()},
        {"simulate", "--scenario", "durable-acks", "--trace", folder.toString()}}) {
      err.getBuffer().setLength(0);
      assertThat(run(words)).as(String.join(" ", words)).isEqualTo(Main.USAGE);
      assertThat(err.toString().lines()).as(String.join(" ", words)).hasSize(1);
    }
  }

  @Test
  void saysInOneLineThatNoNodeRuns() {
    assertThat(run("status", "--data", folder.toString())).isEqualTo(Main.FAILED);
    assertThat(err.toString()).isEqualTo("tenon: no node runs on " + folder + System.lineSeparator());
  }

  @Test
  void takesTheWordsOfAGogoLineAsTheyAre() {
    assertThat(run("gogo", "--data", folder.toString(), "lb", "-s", "--data", "journal")).isEqualTo(Main.FAILED);
    assertThat(err.toString()).isEqualTo("tenon: no node runs on " + folder + System.lineSeparator());
  }

  @Test
  void takesTheWordThatFreesAPinnedSlot() {
    assertThat(run("pin", "v0/journal/broadcast", "--off", "--data", folder.toString())).isEqualTo(Main.FAILED);
    assertThat(err.toString()).isEqualTo("tenon: no node runs on " + folder + System.lineSeparator());
  }

  @Test
  void theWordsOfTheConfigurationGoToTheNodeAsTheyAre() throws Exception {
    for (String line : List.of("config get", "config get dev.tenon.devnet", "config set dev.tenon.slot~v0.provider=",
        "config set dev.tenon.x.text=a b=c", "pin v0/journal/broadcast", "pin v0/journal/broadcast --off",
        "upgrade --plan", "upgrade --plan dev.tenon.some dev.tenon.other")) {
      assertThat(answered("ok\nsaid\n", line.split(" "))).as(line).isZero();
      assertThat(asked).containsExactly(line);
    }
  }

  @Test
  void saysWhatIsWrongWithAFileAndNotOnlyItsName() throws Exception {
    assertThat(answered("ok\nline\n", "logs")).isEqualTo(Main.FAILED);
    assertThat(err.toString().strip())
        .isEqualTo("tenon: no such file or folder: " + folder.resolve("logs/node.log"));
  }

  /// Whoever may not enter the folder cannot know whether a node runs.
  @Test
  void saysThatTheNodeMayNotBeAsked() {
    NodeFolder node = new NodeFolder();
    node.data = folder;
    assertThat(node.unreached(new BindException("Permission denied")))
        .isEqualTo("you may not ask the node on " + folder + ": not permitted");
    assertThat(node.unreached(new ConnectException("Connection refused"))).isEqualTo("no node runs on " + folder);
    assertThat(node.unreached(new SocketException("No such file or directory")))
        .isEqualTo("no node runs on " + folder);
  }

  /// Where the test's user is one who is kept out by permissions.
  @Test
  void aFolderThatMayNotBeEnteredIsToldAsSuch() throws Exception {
    Path control = Files.createDirectories(folder.resolve("control"));
    Files.setPosixFilePermissions(control, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isExecutable(control), "the superuser may enter every folder");
      assertThat(run("status", "--data", folder.toString())).isEqualTo(Main.FAILED);
      assertThat(err.toString().strip()).isEqualTo("tenon: you may not ask the node on " + folder + ": not permitted");
    } finally {
      Files.setPosixFilePermissions(control, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void printsTheBodyOfTheNodesAnswer() throws Exception {
    assertThat(answered("ok\n[{\"a\":\"1\"}]\n", "status", "--json")).isZero();
    assertThat(out.toString()).isEqualTo("[{\"a\":\"1\"}]\n");
  }

  @Test
  void aLookAtAHandoverFailsWhereItWouldNotBePossible() throws Exception {
    assertThat(answered("ok\npossible: copies 1.0 MiB\n", "swap", "v0/journal/broadcast", "mapdb", "--dry-run"))
        .isZero();
    assertThat(out.toString().strip()).isEqualTo("possible: copies 1.0 MiB");
    assertThat(answered("ok\nnot handed over to mapdb: no\n", "swap", "v0/journal/broadcast", "mapdb", "--dry-run"))
        .isEqualTo(Main.FAILED);
  }

  @Test
  void aRollbackWaitsAsASwapDoesAndEndsAsTheHandover() throws Exception {
    String stale = "done: segmented@0.2.0 serves, generation 2, last pause 1.0 ms";
    String[] words = {"rollback", "v0/journal/broadcast"};
    assertThat(answered(List.of("ok\nasked for segmented@0.1.0\n", "ok\n" + stale + "\n", "ok\nworking: PREPARING\n",
        "ok\ndone: segmented@0.1.0 serves, generation 3, last pause 1.0 ms\n"), words)).isZero();
    assertThat(asked).containsExactly("rollback v0/journal/broadcast", "swap v0/journal/broadcast",
        "swap v0/journal/broadcast", "swap v0/journal/broadcast");
    assertThat(out.toString().lines()).containsExactly("asked for segmented@0.1.0", stale, "working: PREPARING",
        "done: segmented@0.1.0 serves, generation 3, last pause 1.0 ms");
    assertThat(answered(List.of("ok\nasked for mapdb\n", "ok\nfailed: not handed over\n"), words))
        .isEqualTo(Main.FAILED);
    assertThat(answered("error slot 'v0/journal/broadcast' had no other provider before\n", words))
        .isEqualTo(Main.FAILED);
  }

  @Test
  void aRecoveryIsHandedToTheNodeInItsWords() throws Exception {
    for (String[] words : new String[][] {{}, {"--from", "journal/broadcast/1"}, {"--from-retained"}, {"--sign"},
        {"--sign", "--nothing-above", "--seen", "0a0b0c0d"}}) {
      String line = String.join(" ", Stream.concat(Stream.of("slot", "recover", "v0/a/b"), Stream.of(words)).toList());
      assertThat(answered("ok\nsaid\n", line.split(" "))).isZero();
      assertThat(asked).containsExactly(line);
    }
    assertThat(answered("ok\nsaid\n", "slot", "recover", "v0/a/b", "--use", "journal/broadcast/1")).isZero();
    assertThat(asked).containsExactly("slot recover v0/a/b --from journal/broadcast/1");
    assertThat(answered("error not recovered: nothing is retained\n", "slot", "recover", "v0/a/b", "--from-retained"))
        .isEqualTo(Main.FAILED);
    assertThat(err.toString().strip()).isEqualTo("tenon: not recovered: nothing is retained");
  }

  @Test
  void failsWhereTheNodeRefusesOrIsUnwell() throws Exception {
    assertThat(answered("error unknown command 'slots'\n", "slots")).isEqualTo(Main.FAILED);
    assertThat(err.toString().strip()).isEqualTo("tenon: unknown command 'slots'");
    assertThat(answered("unwell\nWARN x\n", "health")).isEqualTo(Main.FAILED);
    assertThat(out.toString()).isEqualTo("WARN x\n");
  }

  @Test
  void simulatesTheSameDigestTwice() {
    assertThat(run("simulate", "--scenario", "durable-acks", "--seed", "7", "--count", "2")).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("simulate", "--scenario", "durable-acks", "--seed", "7", "--count", "2")).isZero();
    assertThat(out.toString()).isEqualTo(first).containsPattern("seed 8 [0-9a-f]{32}").contains(" 0 failed");
  }

  @Test
  void listsScenariosAndSaysHowToReplayWhatFailed() {
    assertThat(run("simulate", "--list")).isZero();
    assertThat(out.toString()).contains("durable-acks  ", Broken.NAME + "  " + Broken.HELP);
    out.getBuffer().setLength(0);
    assertThat(run("simulate", "--scheme", "odd", "--seed", "4", "--count", "3")).isEqualTo(Main.FAILED);
    assertThat(out.toString().lines()).contains(Broken.NAME + " seed 5 " + Broken.DIGEST, "  5 is odd",
        "./tenon simulate --scenario " + Broken.NAME + " --scheme odd --seed 5", "2 passed, 1 failed");
  }

  @Test
  void judgesFiguresAtTheirLimits() {
    assertThat(Doctor.jdk(24).verdict()).isEqualTo(Doctor.Verdict.BAD);
    assertThat(Doctor.jdk(25).verdict()).isEqualTo(Doctor.Verdict.GOOD);
    assertThat(Doctor.files(1023).verdict()).isEqualTo(Doctor.Verdict.BAD);
    assertThat(Doctor.files(1024).verdict()).isEqualTo(Doctor.Verdict.WARN);
    assertThat(Doctor.files(4096).verdict()).isEqualTo(Doctor.Verdict.GOOD);
    assertThat(Doctor.flush(10.1, 20).verdict()).isEqualTo(Doctor.Verdict.WARN);
  }

  private int answered(String answer, String... words) throws Exception {
    return answered(List.of(answer), words);
  }

  private int answered(List<String> answers, String... words) throws Exception {
    asked.clear();
    Files.createDirectories(folder.resolve("control"));
    Path socket = folder.resolve("control/socket");
    Files.deleteIfExists(socket);
    Thread node;
    int code;
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      node = Thread.ofVirtual().start(() -> answers.forEach(answer -> serve(server, answer)));
      String[] all = java.util.Arrays.copyOf(words, words.length + 2);
      all[words.length] = "--data";
      all[words.length + 1] = folder.toString();
      code = run(all);
    }
    node.join(); // where it was asked less often than it has answers, its socket is closed
    return code;
  }

  private void serve(ServerSocketChannel server, String answer) {
    try (var client = server.accept()) {
      ByteBuffer line = ByteBuffer.allocate(4096);
      int read = client.read(line);
      asked.add(new String(line.array(), 0, read, StandardCharsets.UTF_8).strip());
      client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int run(String... words) {
    CommandLine main = Main.commandLine();
    return main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(words);
  }
}
