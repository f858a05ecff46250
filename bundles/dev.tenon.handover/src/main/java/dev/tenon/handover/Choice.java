package dev.tenon.handover;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which of the providers that are present comes next. Pure.
final class Choice {
  private Choice() {}

  /// The provider to open. At a start and after a failure the one that the record names; else the one wished for, else
  /// the one before, else the newest; who could not take over is last.
  static @Nullable Candidate best(SlotModel.Draft at) {
    return best(at, at.hung);
  }

  /// The one that would be opened if no call of it hung.
  static @Nullable Candidate hanging(SlotModel.Draft at) {
    return best(at, List.of());
  }

  private static @Nullable Candidate best(SlotModel.Draft at, List<Long> hung) {
    Candidate own = at.switching || !(at.atStart || at.recovering) ? null : own(at);
    if (own != null && isFree(at, hung, own) && !(at.overruled && another(at, hung) != null)) {
      return own; // a wish is fulfilled by a handover, which can go back: opened in place nobody else could
    }
    Candidate best = null;
    Candidate target = at.going ? null : next(at);
    for (Candidate candidate : at.present) {
      boolean wished = at.terms.provider().isEmpty() || isWished(at, candidate);
      if (at.unfit.contains(candidate.ref()) || hung.contains(candidate.ref()) || (at.fact == null && !wished)) {
        continue;
      }
      if (best == null || rank(at, candidate, target) >= rank(at, best, target)) {
        best = candidate;
      }
    }
    return best;
  }

  /// The provider that the record names, if it is there and reads what is.
  private static @Nullable Candidate own(SlotModel.Draft at) {
    Fact fact = at.fact;
    Candidate own = null;
    for (Candidate candidate : at.present) {
      if (fact != null && candidate.sameAs(fact) && !at.unfit.contains(candidate.ref())) {
        own = candidate;
      }
    }
    return own;
  }

  /// Whom an operator wishes for in place of the one that the record names, where he can be asked.
  private static @Nullable Candidate another(SlotModel.Draft at, List<Long> hung) {
    Fact fact = at.fact;
    Candidate wished = at.terms.pinned() || fact == null || fact.fulfils(at.terms.provider())
        ? null
        : newest(at.present, at.terms.provider());
    return wished != null && isFree(at, hung, wished) ? wished : null;
  }

  private static boolean isFree(SlotModel.Draft at, List<Long> hung, Candidate candidate) {
    return !at.unfit.contains(candidate.ref()) && !hung.contains(candidate.ref())
        && !at.failed.contains(candidate.ref());
  }

  private static int rank(SlotModel.Draft at, Candidate candidate, @Nullable Candidate target) {
    Fact fact = at.fact;
    int rank = at.failed.contains(candidate.ref()) ? -8 : 0;
    if (target == null ? isWished(at, candidate) && !at.terms.pinned() : candidate.equals(target)) {
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

  /// Who is to take over: wished for and present, and not who serves; or a newer version, where that is followed; or
  /// anybody, where who serves goes.
  static @Nullable Candidate next(SlotModel.Draft at) {
    Fact fact = at.fact;
    String wish = at.terms.provider();
    if (at.terms.pinned() || fact == null || at.goal != SlotModel.Goal.SERVE || at.footing.stopping()) {
      return null;
    }
    if (at.going) {
      return best(at);
    }
    if (fact.fulfils(wish)) {
      return wish.indexOf('@') < 0 && at.terms.follow() != Terms.Follow.NONE
          ? newer(fact, at.present, at.terms.follow())
          : null;
    }
    return newest(at.present, wish);
  }

  /// The highest version of the provider's bundle above the one that the record names.
  ///
  /// @param follow which versions count; all with [Terms.Follow#NONE]
  static @Nullable Candidate newer(Fact fact, List<Candidate> present, Terms.Follow follow) {
    Candidate newer = null;
    for (Candidate candidate : present) {
      boolean same = candidate.provider().equals(fact.provider()) && candidate.bundle().equals(fact.bundle());
      String above = newer == null ? fact.version() : newer.version();
      if (same && candidate.isAbove(above)
          && (follow == Terms.Follow.NONE || follow.takes(fact.version(), candidate.version()))) {
        newer = candidate;
      }
    }
    return newer;
  }

  /// The one that was registered last of those that a wish names.
  static @Nullable Candidate newest(List<Candidate> present, String wish) {
    Candidate newest = null;
    for (Candidate candidate : present) {
      if (Candidate.matches(wish, candidate.provider(), candidate.version())) {
        newest = candidate;
      }
    }
    return newest;
  }

  /// Why nobody takes a provider again.
  static final String HANGS = SlotLimits.HUNG_MAX
      + " times a call of it was left behind and has not returned: it is taken again when one has, or when it is "
      + "registered anew";

  /// Why no handover begins.
  static final String LEFTOVER =
      "what a handover that was given up has left is not deleted, since the disk has not answered; "
          + "none begins until then";

  /// Why a slot is as it is, in words; where it serves and nobody is there whom the operator wishes for, that.
  static String reason(SlotModel model) {
    String wish = model.terms().provider();
    Fact fact = model.fact();
    if (model.reason().isEmpty() && model.isServing() && model.terms().pinned() && fact != null
        && !fact.fulfils(wish)) {
      return "pinned: " + wish + " waits until it is free";
    }
    if (model.reason().isEmpty() && model.isServing() && model.isLeftoverOverdue()) {
      return LEFTOVER;
    }
    if (!model.reason().isEmpty() || !model.isServing() || wish.isEmpty() || newest(model.present(), wish) != null) {
      return model.reason();
    }
    return "no provider " + wish + " is registered; there are "
        + model.present().stream().map(Candidate::label).sorted().distinct().collect(Collectors.joining(", "));
  }

  static boolean isWished(SlotModel.Draft at, Candidate candidate) {
    return Candidate.matches(at.terms.provider(), candidate.provider(), candidate.version());
  }
}
