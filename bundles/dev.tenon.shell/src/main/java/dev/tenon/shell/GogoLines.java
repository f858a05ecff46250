package dev.tenon.shell;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/// Runs lines in the container's shell, each in a session of its own.
final class GogoLines {
  private final CommandProcessor gogo;

  GogoLines(CommandProcessor gogo) {
    this.gogo = gogo;
  }

  /// @param words of the line
  /// @return what it printed; of a command that failed only why, but all that was said of what is not well
  Answer run(List<String> words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        CommandSession session = gogo.createSession(InputStream.nullInputStream(), out, out)) {
      Object result = session.execute(String.join(" ", words));
      if (result != null) out.println(session.format(result, Converter.INSPECT));
    } catch (GogoCommands.NotWellException e) {
      return new Answer.Unwell(lines(bytes));
    } catch (Exception e) { // Gogo declares no narrower one
      return new Answer.Refused(String.valueOf(e.getMessage()));
    }
    return new Answer.Lines(lines(bytes));
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
