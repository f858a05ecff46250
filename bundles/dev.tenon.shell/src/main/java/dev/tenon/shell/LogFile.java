package dev.tenon.shell;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Writes what OSGi's own log gets, from the framework and its services, into the node's log file as well.
///
/// Immediate: nobody asks for it.
@Component(name = "dev.tenon.shell.log", immediate = true, service = {})
public final class LogFile implements LogListener {
  private final LogReaderService reader;

  /// @param reader what is read
  @Activate
  public LogFile(@Reference(name = "reader") LogReaderService reader) {
    this.reader = reader;
    reader.addLogListener(this);
  }

  /// Listens no longer.
  @Deactivate
  public void close() {
    reader.removeLogListener(this);
  }

  @Override
  public void logged(LogEntry entry) {
    Level level = switch (entry.getLogLevel()) {
      case AUDIT, ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      // The framework reports each event of a bundle or service as news; it is detail here.
      case INFO, DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
    LoggerFactory.getLogger(entry.getBundle().getSymbolicName()).atLevel(level).setCause(entry.getException())
        .log(entry.getMessage());
  }
}
