/// Swaps of the role in a real container.
@NullMarked
package dev.tenon.itests.actor.test;

import org.jspecify.annotations.NullMarked;
