package dev.tenon.scenarios;

import java.time.Duration;

/// How a world is built and how long its trouble lasts. What a scenario leaves open is drawn from the seed.
///
/// @param validators how many, the villain included
/// @param sequencers how many that are no validators; validator 0 is a sequencer too
/// @param hasVillain whether the last validator is played by a [Villain], which is a sequencer too
/// @param rotates whether each epoch leaves one validator out
/// @param swaps whether schemes stand in a slot too, each slot has two providers, and writers use the journals
/// @param trouble how long
record Plan(int validators, int sequencers, boolean hasVillain, boolean rotates, boolean swaps, Duration trouble) {
  /// Four validators, two sequencers beside them.
  static final Plan FOUR = new Plan(4, 2, false, false, false, Duration.ofSeconds(3));

  /// Four validators, the first of which is a sequencer, and slots that are handed over.
  static final Plan SWAPS = new Plan(4, 0, false, false, true, Duration.ofMillis(2_500));

  /// The last validator equivocates and floods.
  Plan withVillain() {
    return new Plan(validators, sequencers, true, rotates, swaps, trouble);
  }

  /// Five validators, of which each epoch has four.
  Plan rotating() {
    return new Plan(5, sequencers, hasVillain, true, swaps, trouble);
  }

  int nodes() {
    return validators + sequencers;
  }

  int villain() {
    return hasVillain ? validators - 1 : -1;
  }

  boolean isValidator(int index) {
    return index < validators;
  }

  boolean isSequencer(int index) {
    return index == 0 || index >= validators || index == villain();
  }
}
