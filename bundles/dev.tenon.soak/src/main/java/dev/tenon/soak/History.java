package dev.tenon.soak;

import dev.tenon.codec.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// What happened in this process, a line each, in a file outside the node's data. Each line is handed to the kernel
/// before the call returns, so that it outlives a kill of the process.
@Component(name = "dev.tenon.soak", service = History.class, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = History.Config.class)
public final class History {
  /// Where it is written.
  @ObjectClassDefinition(name = "Soak", description = "Records what a node promised, for a checker outside")
  public @interface Config {
    /// The file; it is appended to.
    ///
    /// @return a path; no default
    @AttributeDefinition(description = "File to which a line is appended for each thing that happened")
    String file();
  }

  private final FileChannel file;

  /// Opens the file.
  ///
  /// @param config where it is
  /// @throws IOException if it cannot be opened
  @Activate
  public History(Config config) throws IOException {
    this(path(config));
  }

  History(Path file) throws IOException {
    this.file = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static Path path(Config config) {
    if (config.file() == null || config.file().isBlank()) {
      throw new ConfigException("dev.tenon.soak.file", "", "the path of a file");
    }
    return Path.of(config.file());
  }

  /// Closes the file.
  ///
  /// @throws IOException if it cannot be closed
  @Deactivate
  public void close() throws IOException {
    file.close();
  }

  /// Adds a line. Any thread.
  ///
  /// @param words of the line, without spaces in them
  void line(Object... words) {
    var text = new StringBuilder();
    for (Object word : words) {
      text.append(text.isEmpty() ? "" : " ").append(word);
    }
    ByteBuffer bytes = ByteBuffer.wrap(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    synchronized (this) {
      try {
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
