package dev.tenon.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  private final Path data;

  ControlSocketTest(@TempDir Path data) {
    this.data = data;
  }

  @Test
  void answersOneLineAndEnds() throws Exception {
    try (ControlSocket socket = new ControlSocket(data, line -> "ok\n" + line + "\n")) {
      assertThat(socket).isNotNull();
      assertThat(ask("status\n")).isEqualTo("ok\nstatus\n");
    }
    assertThat(data.resolve("control/socket")).doesNotExist();
  }

  @Test
  void isForItsOwnerOnly() throws Exception {
    try (ControlSocket socket = new ControlSocket(data, line -> line)) {
      assertThat(socket).isNotNull();
      assertThat(Files.getPosixFilePermissions(data.resolve("control")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.getPosixFilePermissions(data.resolve("control/socket")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void refusesALineThatDoesNotEnd() throws Exception {
    try (ControlSocket socket = new ControlSocket(data, line -> "ok\n")) {
      assertThat(socket).isNotNull();
      assertThat(ask("x".repeat(ControlSocket.LINE_BYTES_MAX))).startsWith("error a command has at most");
      assertThat(ask("x".repeat(ControlSocket.LINE_BYTES_MAX - 1) + "\n")).isEqualTo("ok\n");
    }
  }

  @Test
  void takesOverTheSocketOfAKilledNode() throws Exception {
    Files.createDirectories(data.resolve("control"));
    Files.writeString(data.resolve("control/socket"), "left over");
    try (ControlSocket socket = new ControlSocket(data, line -> "ok\n")) {
      assertThat(socket).isNotNull();
      assertThat(ask("a\n")).isEqualTo("ok\n");
    }
  }

  private String ask(String line) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("control/socket")))) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) channel.write(bytes);
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
