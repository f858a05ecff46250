/// What an operator talks to: commands, the control socket, metrics over HTTP, and the node's log file.
@NullMarked
package dev.tenon.shell;

import org.jspecify.annotations.NullMarked;
