package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SoakJournalsTest {
  private final SoakJournals journals = new SoakJournals();

  @Test
  void theLargestIsTold() {
    for (String mib : new String[] {"0.4", "1.6", "0.9"}) {
      journals.add("possible: mapdb@1.0.0: copies " + mib + " MiB, needs 1.1 MiB of disk, 812.0 MiB are free, takes");
    }
    assertThat(journals.told()).isEqualToIgnoringNewLines(
        "journals     at most 1.6 MiB a slot, looked at 3 times");
  }

  @Test
  void whatDoesNotTellIsNotNothing() {
    journals.add("failed: a handover is under way, needs 1.1 MiB");
    assertThat(journals.told()).isEqualToIgnoringNewLines("journals     not known");
  }
}
