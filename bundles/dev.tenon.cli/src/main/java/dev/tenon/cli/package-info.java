/// The commands of `./tenon` that are not the node itself.
@NullMarked
package dev.tenon.cli;

import org.jspecify.annotations.NullMarked;
