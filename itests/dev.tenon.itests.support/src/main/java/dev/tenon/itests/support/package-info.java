/// What tests in a real container share: its options, waiting with a deadline, and what to show when one fails.
@NullMarked
package dev.tenon.itests.support;

import org.jspecify.annotations.NullMarked;
