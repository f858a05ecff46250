package dev.tenon.shell;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's door for its owner: a Unix-domain socket in a folder that only the owner may enter. A client sends one
/// line, gets one answer, and the connection ends.
final class ControlSocket implements AutoCloseable {
  static final int LINE_BYTES_MAX = 4096;
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);
  private static final int CLIENTS_MAX = 4;
  private static final int CLIENTS_WAITING_MAX = 16;
  /// A client that says nothing, or does not read, holds a thread no longer.
  private static final long CLIENT_MS_MAX = 10_000;

  private final Path file;
  private final UnaryOperator<String> commands;
  private final ServerSocketChannel server;
  private final ThreadPoolExecutor clients;
  private final ScheduledThreadPoolExecutor deadlines;

  ControlSocket(Path data, UnaryOperator<String> commands) throws IOException {
    this.commands = commands;
    Path folder = data.resolve("control");
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
    Files.setPosixFilePermissions(folder, ownerOnly);
    file = folder.resolve("socket");
    Files.deleteIfExists(file); // left by a node that was killed; the launcher holds the folder's lock
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(file), CLIENTS_WAITING_MAX);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    ThreadFactory threads = Thread.ofPlatform().daemon().name("tenon-control-", 0).factory();
    clients = new ThreadPoolExecutor(CLIENTS_MAX, CLIENTS_MAX, 1, TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(CLIENTS_WAITING_MAX), threads);
    clients.allowCoreThreadTimeOut(true);
    deadlines = new ScheduledThreadPoolExecutor(1, threads);
    deadlines.setRemoveOnCancelPolicy(true);
    threads.newThread(this::accept).start();
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.atWarn().setCause(e).log("control socket not closed");
    }
    clients.shutdownNow();
    deadlines.shutdownNow();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        try {
          clients.execute(() -> serve(client));
        } catch (RejectedExecutionException busy) {
          client.close();
        }
      } catch (IOException e) {
        if (server.isOpen()) log.atWarn().setCause(e).log("control connection failed");
      }
    }
  }

  private void serve(SocketChannel client) {
    var deadline = deadlines.schedule(() -> closeQuietly(client), CLIENT_MS_MAX, TimeUnit.MILLISECONDS);
    try (client) {
      ByteBuffer line = ByteBuffer.allocate(LINE_BYTES_MAX);
      int end = -1;
      while (end < 0 && line.hasRemaining()) {
        if (client.read(line) < 0) return;
        end = newline(line);
      }
      String answer = end < 0
          ? "error a command has at most " + (LINE_BYTES_MAX - 1) + " bytes\n"
          : commands.apply(new String(line.array(), 0, end, StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) client.write(bytes);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("control client left");
    } finally {
      deadline.cancel(false);
    }
  }

  private static int newline(ByteBuffer line) {
    for (int i = 0; i < line.position(); i++) {
      if (line.get(i) == '\n') return i;
    }
    return -1;
  }

  private static void closeQuietly(SocketChannel client) {
    try {
      client.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("control client not closed");
    }
  }
}
