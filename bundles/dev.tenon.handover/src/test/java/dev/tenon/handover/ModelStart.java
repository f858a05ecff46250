package dev.tenon.handover;

import dev.tenon.handover.ModelFiles.Place;
import dev.tenon.handover.StartTable.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a start finds and may do, by the real [StartTable]; and what a start must find, whenever the node ends.
final class ModelStart {
  private final ModelRun run;

  ModelStart(ModelRun run) {
    this.run = run;
  }

  private static Verdict judge(@Nullable Fact fact, ModelFiles files) {
    List<StartTable.Place> places = new ArrayList<>();
    for (Place place : files.places()) {
      places.add(new StartTable.Place(ModelRun.location(place.number()),
          new Owner(ModelRun.SLOT, place.generation(), "f", place.state(), 0)));
    }
    return StartTable.judge(ModelRun.SLOT, fact, places);
  }

  /// Reads, judges, moves aside and marks.
  Verdict judge() {
    ModelFiles files = run.files.read(run.mutant != ModelMutant.START_NOT_FORCED);
    Fact fact = files.newest();
    Verdict verdict = judge(fact, files);
    List<String> aside = switch (verdict) {
      case Verdict.Vacant vacant -> vacant.aside();
      case Verdict.Serve serve -> serve.aside();
      case Verdict.Refuse refuse -> List.of();
    };
    for (String location : aside) {
      files = files.without(ModelFiles.number(location));
    }
    if (verdict instanceof Verdict.Serve serve) {
      for (String location : serve.kept()) {
        files = files.without(ModelFiles.number(location));
      }
      for (StartTable.Place place : serve.superseded()) {
        Place old = Present.of(files.place(ModelFiles.number(place.location())));
        files = files.with(old.owned(Owner.State.SEALED, old.generation()));
      }
    }
    if (run.mutant == ModelMutant.START_DELETES) {
      for (Place place : files.places()) {
        if (fact == null || ModelFiles.number(fact) != place.number()) {
          files = files.without(place.number());
        }
      }
    }
    run.files = files;
    check();
    return verdict;
  }

  /// Whatever a crash leaves now, all that is acknowledged is where a start looks for it.
  void check() {
    for (ModelFiles left : run.files.crashes()) {
      Fact fact = left.read(true).newest();
      found(left, judge(fact, left));
      remembered(fact);
    }
  }

  /// Once it is said that acknowledged items are gone, or somebody serves again, no start may sign.
  private void remembered(@Nullable Fact fact) {
    boolean told = run.model.phase() == Phase.FAILED || run.model.isServing();
    if (run.left.lost() && told && !(fact != null && fact.isSigningOff() && (fact.flags() & Fact.RECOVERED) != 0)) {
      throw new ModelWrong("that acknowledged items are gone is forgotten: the record is " + fact);
    }
    if (run.left.lost() && run.model.isServing() && !run.model.isSigningOff()) {
      throw new ModelWrong("acknowledged items are gone, and it may be signed");
    }
  }

  private void found(ModelFiles left, Verdict verdict) {
    switch (verdict) {
      case Verdict.Serve serve -> {
        for (int journal = 0; journal < run.scripts.size(); journal++) {
          if (steps(Present.of(left.place(ModelFiles.number(serve.fact()))), journal) < 0) {
            throw new ModelWrong("after a crash journal " + journal + " of " + serve.fact().location() + " holds "
                + left.place(ModelFiles.number(serve.fact())) + ", acknowledged are "
                + run.scripts.get(journal).after(run.acknowledged.get(journal)));
          }
        }
      }
      case Verdict.Vacant vacant -> {
        if (run.acknowledged.stream().anyMatch(steps -> steps > 0) || !run.bounds.vacant()) {
          throw new ModelWrong("after a crash the slot is vacant");
        }
      }
      case Verdict.Refuse(var reason) -> {
        if (!run.left.excused()) {
          throw new ModelWrong("after a crash the start refuses: " + reason);
        }
        for (int journal = 0; journal < run.scripts.size(); journal++) {
          int each = journal;
          if (left.places().stream().noneMatch(place -> steps(place, each) >= 0)) {
            throw new ModelWrong("what is acknowledged of journal " + journal + " is nowhere");
          }
        }
      }
    }
  }

  private int steps(Place place, int journal) {
    return run.scripts.get(journal).stepsOf(place.content(journal), run.acknowledged.get(journal),
        run.issued.get(journal));
  }
}
