/// The checks that keep the house in order: layers, references, ban list, tidiness. Each reads what is in the checkout
/// and answers a list of [Finding]; the tests say that the list is empty, and that a planted fault is found.
@NullMarked
package dev.tenon.itests.house;

import org.jspecify.annotations.NullMarked;
