package dev.tenon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Goal: a pair counts only where a handover copied from the begin to the end of its slice. Method: lines as a slot
/// tells them, in the place of a node.
class PrepareBenchTest {
  private static final String OPENING = "working: PREPARING, mapdb@1.0.0 OPENING";
  private static final String NO_SPACE =
      "failed: not handed over to mapdb@1.0.0: needs 1100.0 MiB of disk, 12.0 MiB are "
          + "free (measuring); segmented@1.0.0 serves, it is tried again";
  private static final String GIVEN_UP = "failed: not handed over to mapdb@1.0.0: late (exporting, 7 items (9.0 MiB) "
      + "copied); segmented@1.0.0 serves, it is tried again";
  private static final String BACKS_OFF = "working: ACTIVE, waits for mapdb";
  private static final String ENDS = "working: ACTIVE, mapdb@1.0.0 DROPPING, 9216 items (9.0 MiB) copied, 500 left";
  private static final String DONE =
      "done: mapdb@1.0.0 serves, generation 2, last pause 1.5 ms, 524,288 items (512.0 MiB) copied";

  private static String copied(double mib) {
    return "working: PREPARING, mapdb@1.0.0 APPLYING, " + Math.round(mib * 1_024) + " items (" + mib
        + " MiB) copied, 500 left, about 2 s";
  }

  /// What a slot tells at the begin and at the end of each slice, the last of them again and again.
  private static final class Recorded implements PrepareBench.Subject {
    private final List<String[]> pairs = new ArrayList<>();
    private final double quietMs;
    private int slices;
    private int begun;
    private int cancelled;
    private boolean preparing;

    Recorded(double quietMs) {
      this.quietMs = quietMs;
    }

    Recorded pair(int times, String begin, String end) {
      for (int i = 0; i < times; i++) pairs.add(new String[] {begin, end});
      return this;
    }

    @Override
    public PrepareBench.Slice slice() {
      slices++;
      // A slice beside a handover that copies is slower, one beside any other is not.
      boolean copies = preparing && SwapBenchNode.mibCopied(now()[1]) > 0;
      double ms = copies ? 3 * quietMs : quietMs;
      return new PrepareBench.Slice(ms, ms + slices, 500 - slices);
    }

    @Override
    public String begin() {
      begun++;
      preparing = true;
      return now()[0];
    }

    @Override
    public String told() {
      return now()[1];
    }

    @Override
    public void cancel() {
      cancelled++;
      preparing = false;
    }

    private String[] now() {
      return pairs.get(Math.min(begun, pairs.size()) - 1);
    }
  }

  private static Map<String, Double> told(PrepareBench.Pairs pairs) {
    Map<String, Double> figures = new LinkedHashMap<>();
    pairs.tell((metric, value, unit) -> figures.put(metric, value));
    return figures;
  }

  @Test
  void onlyASlotThatPreparesTellsWhatWasCopied() {
    assertThat(SwapBenchNode.mibCopied(OPENING)).isZero();
    assertThat(SwapBenchNode.mibCopied(copied(3.5))).isEqualTo(3.5);
    assertThat(SwapBenchNode.mibCopied("working: PREPARING, mapdb@1.0.0 EXPORTING, 7 items (0.1 MiB) copied, 9 left"))
        .isEqualTo(0.1);
    for (String other : List.of(NO_SPACE, GIVEN_UP, BACKS_OFF, ENDS, DONE, "", "working: FENCED, mapdb@1.0.0 EXPORTING,"
        + " 9 items (1.0 MiB) copied, 0 left", "failed: " + copied(3.5))) {
      assertThat(SwapBenchNode.mibCopied(other)).as(other).isEqualTo(-1);
    }
  }

  @Test
  void aPairCountsWithWhatWasCopiedInItsSlice() throws IOException {
    Recorded node = new Recorded(5).pair(6, OPENING, copied(150)).pair(6, copied(1), copied(201));
    Map<String, Double> figures = told(PrepareBench.Pairs.take(node, 12));
    assertThat(figures).containsEntry("pairs", 12.0).containsEntry("dropped", 0.0).containsEntry("ratio", 3.0)
        .containsEntry("commit_p99_without", 5.0).containsEntry("commit_p99_with", 15.0);
    assertThat(figures.get("copied")).isEqualTo(40, within(1e-9));
    assertThat(node.slices).isEqualTo(24);
    assertThat(figures).as("of all slices").containsEntry("commit_max_without", 5.0 + 23)
        .containsEntry("commit_max_with", 15.0 + 24).containsEntry("samples_min", 500.0 - 24)
        .containsEntry("samples_without", 12 * 500.0 - 144).containsEntry("samples_with", 12 * 500.0 - 156);
    assertThat(node.cancelled).isEqualTo(12);
  }

  /// Each of these pairs has a ratio of 1, which would make the median one of nothing.
  @Test
  void aPairInWhichNothingWasCopiedIsDropped() throws IOException {
    for (String end : List.of(NO_SPACE, GIVEN_UP, BACKS_OFF, ENDS, DONE, OPENING, copied(2))) {
      Recorded node = new Recorded(5).pair(4, end.equals(copied(2)) ? end : OPENING, end).pair(8, OPENING, copied(50));
      Map<String, Double> figures = told(PrepareBench.Pairs.take(node, 12));
      assertThat(figures).as(end).containsEntry("pairs", 8.0).containsEntry("dropped", 4.0)
          .containsEntry("ratio_min", 3.0).containsEntry("copied", 10.0);
      assertThat(node.cancelled).as("what is dropped is given up too").isEqualTo(12);
    }
  }

  @Test
  void aHandoverThatBeganAnewIsDropped() throws IOException {
    Recorded node = new Recorded(5).pair(1, copied(9), copied(0.5)).pair(11, OPENING, copied(50));
    assertThat(PrepareBench.Pairs.take(node, 12).dropped()).isEqualTo(1);
  }

  @Test
  void aHandoverThatDoesNotPrepareHasNoSlice() throws IOException {
    Recorded node = new Recorded(5).pair(2, BACKS_OFF, copied(50)).pair(10, OPENING, copied(50));
    assertThat(PrepareBench.Pairs.take(node, 12).dropped()).isEqualTo(2);
    assertThat(node.slices).isEqualTo(12 + 10);
  }

  @Test
  void failsInOneLineOnceTooFewPairsAreLeft() {
    Recorded node = new Recorded(5).pair(3, OPENING, copied(50)).pair(9, OPENING, NO_SPACE);
    assertThatThrownBy(() -> PrepareBench.Pairs.take(node, 12)).isInstanceOf(IOException.class).hasMessage(
        "nothing was copied in 5 of 8 pairs, at most 4 of 12 are dropped; the slot told '" + NO_SPACE + "'");
    assertThat(node.cancelled).isEqualTo(8);
    assertThatThrownBy(() -> PrepareBench.Pairs.take(new Recorded(5).pair(1, OPENING, DONE), 1))
        .hasMessageContaining("in 1 of 1 pairs");
  }

  @Test
  void aSliceHasTheP99AndTheLargestOfAllThatWereDue() throws IOException {
    List<Double> commits = new ArrayList<>(Collections.nCopies(494, 1.0));
    commits.addAll(List.of(9.0, 900.0, 7.0, 8.0, 6.0, 5.0));
    assertThat(PrepareBench.Slice.of(commits)).isEqualTo(new PrepareBench.Slice(6, 900, 500));
    assertThatThrownBy(() -> PrepareBench.Slice.of(List.of())).hasMessage("no commit was due within 5 s");
  }

  /// A mean would be 12 MiB a second here.
  @Test
  void fewSlicesThatCopiedMuchDoNotSpeakForTheOthers() throws IOException {
    Recorded node = new Recorded(5).pair(8, OPENING, copied(0.5)).pair(4, OPENING, copied(180));
    assertThat(told(PrepareBench.Pairs.take(node, 12)).get("copied")).isEqualTo(0.1);
  }
}
