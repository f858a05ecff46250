/// Ordered broadcast on real journal slots under the simulator.
@NullMarked
package dev.tenon.scenarios;

import org.jspecify.annotations.NullMarked;
