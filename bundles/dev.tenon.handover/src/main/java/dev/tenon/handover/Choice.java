package dev.tenon.handover;

import org.jspecify.annotations.Nullable;

/// Which of the providers that are present comes next. Pure.
final class Choice {
  private Choice() {}

  /// The provider to open: the one wished for, else the one before, else the newest; who could not take over comes last.
  static @Nullable Candidate best(SlotModel.Draft at) {
    Candidate best = null;
    for (Candidate candidate : at.present) {
      boolean wished = at.wish.isEmpty() || isWished(at, candidate);
      if (at.unfit.contains(candidate.ref()) || (at.fact == null && !wished)) {
        continue;
      }
      if (best == null || rank(at, candidate) >= rank(at, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private static int rank(SlotModel.Draft at, Candidate candidate) {
    Fact fact = at.fact;
    int rank = at.failed.contains(candidate.ref()) ? -8 : 0;
    if (isWished(at, candidate) && !at.pinned) {
      rank += 4;
    }
    if (fact != null && candidate.provider().equals(fact.provider())) {
      rank += 2;
    }
    if (fact != null && candidate.sameAs(fact)) {
      rank += 1;
    }
    return rank;
  }

  /// Who is to take over: wished for and present, and not who serves.
  static @Nullable Candidate next(SlotModel.Draft at) {
    Fact fact = at.fact;
    if (at.pinned || at.wish.isEmpty() || fact == null || at.goal != SlotModel.Goal.SERVE
        || Candidate.matches(at.wish, fact.provider(), fact.version())) {
      return null;
    }
    return newest(at, at.wish);
  }

  /// The one that was registered last of those that a wish names.
  static @Nullable Candidate newest(SlotModel.Draft at, String wish) {
    Candidate newest = null;
    for (Candidate candidate : at.present) {
      if (Candidate.matches(wish, candidate.provider(), candidate.version())) {
        newest = candidate;
      }
    }
    return newest;
  }

  static boolean isWished(SlotModel.Draft at, Candidate candidate) {
    return Candidate.matches(at.wish, candidate.provider(), candidate.version());
  }
}
