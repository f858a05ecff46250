/// A whole world in one seed: nodes, time, storage, links and their faults, on one thread.
///
/// A [Simulation] makes [SimNode]s, each with a [dev.tenon.runtime.Runtime] on which the classes of the bundles run as
/// they are. One 64-bit seed decides scheduling, latencies, losses, costs and what a crash leaves on the disk. The
/// digest of the event trace is the same at every run of the same build.
///
/// How time passes: handlers of actors take none. A strand's task runs at its start with a clock of its own: each
/// storage call adds its drawn cost, and what the task sends out happens at the instant that its clock shows. A crash
/// in between applies the calls up to its time and forgets the rest. Where a task needs what others do in the meantime
/// (an await, a sleep, opening a blob, revoking a view) it waits on a stack of its own until the loop has come as far.
///
/// Thread rule: a simulation is used by one thread; several simulations may run side by side.
///
/// Stability: *experimental*.
@Export
@Version("1.0.0")
@NullMarked
package dev.tenon.sim;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
