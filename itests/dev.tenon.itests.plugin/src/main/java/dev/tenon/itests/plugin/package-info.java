/// A journal provider as somebody else would write it: a file for each sync, and nothing of Tenon but its contracts.
@NullMarked
package dev.tenon.itests.plugin;

import org.jspecify.annotations.NullMarked;
