package dev.tenon.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The node that runs on a data folder, asked through the socket in it.
final class NodeFolder {
  /// No answer of a node is longer.
  private static final int ANSWER_BYTES_MAX = 64 << 20;

  @Option(names = "--data", paramLabel = "DIR", description = "the node's data folder (default: data)")
  Path data = Path.of(System.getProperty("tenon.home", "."), "data");

  /// @param line a command
  /// @return the body of its answer
  /// @throws IOException with one line, if the node refuses it
  String told(String line) throws IOException {
    String answer = ask(line);
    int end = answer.indexOf('\n');
    String first = end < 0 ? answer : answer.substring(0, end);
    if (!first.equals("ok")) {
      throw new IOException(first.startsWith("error ") ? first.substring("error ".length()) : first);
    }
    return answer.substring(end + 1).strip();
  }

  /// @param line a command
  /// @return its answer: a first line that says how it went, and the body
  String ask(String line) throws IOException {
    Path socket = data.toAbsolutePath().normalize().resolve("control/socket");
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) channel.write(bytes);
      byte[] answer = Channels.newInputStream(channel).readNBytes(ANSWER_BYTES_MAX);
      if (answer.length == 0) throw new IOException("the node on " + data + " is busy and did not answer");
      return new String(answer, StandardCharsets.UTF_8);
    } catch (SocketException e) {
      throw new IOException(unreached(e), e);
    }
  }

  /// The folder is its owner's only: for anybody else nothing can be told of a node in it.
  ///
  /// @return why the socket cannot be opened
  String unreached(SocketException failure) {
    // What the JDK makes of EACCES; a socket without a listener is a ConnectException, one that is not there neither.
    return failure instanceof BindException
        ? "you may not ask the node on " + data + ": not permitted"
        : "no node runs on " + data;
  }
}
