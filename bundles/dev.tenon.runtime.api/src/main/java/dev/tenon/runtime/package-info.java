/// The seam between Tenon's code and the outside world: actors, strands, time, chance.
///
/// The same classes run in production on threads, files and sockets, and under a simulator in which one seed decides
/// everything. Handlers of actors never block: what is slow returns a [Completion], which becomes a message of the
/// actor that asked. Code that blocks runs on a [Strand]. CPU work above 100 µs runs on [Compute].
///
/// Thread rule for the whole package: a method may be called by any actor, strand task or thread unless it says
/// otherwise; none blocks except [Strand#await] and [Waiter#sleepUntil]. After its actor, strand or node has ended
/// every call throws [Stopped].
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
