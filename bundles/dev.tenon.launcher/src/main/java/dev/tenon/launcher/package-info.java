/// Starts the container with a profile and stops it again.
@NullMarked
package dev.tenon.launcher;

import org.jspecify.annotations.NullMarked;
