/// The devnet as `./tenon run` starts it: ordered broadcast from end to end.
@NullMarked
package dev.tenon.itests.broadcast;

import org.jspecify.annotations.NullMarked;
