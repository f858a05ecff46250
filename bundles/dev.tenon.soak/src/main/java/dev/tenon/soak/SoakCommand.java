package dev.tenon.soak;

import dev.tenon.runtime.status.OperatorCommand;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// What the process outside asks for.
@Component(name = "dev.tenon.soak.command")
public final class SoakCommand implements OperatorCommand {
  private final HoldPoint point;

  @Reference(name = "forces", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile @Nullable ForceLoop forces;

  @Reference(name = "writers", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<WriterComponent> writers = List.of();

  /// Takes its reference.
  ///
  /// @param point where slots are held
  @Activate
  public SoakCommand(@Reference(name = "point") HoldPoint point) {
    this.point = point;
  }

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String help() {
    return "holds the next journal slot at a step: soak hold STEP begin|end|flush|flushed; whether one is held: "
        + "soak held; lets it go: soak go; where such slots came by: soak passed; what bare forces took: soak forces; "
        + "what commits of a journal took: soak commits JOURNAL begin|end, and then without: how many of those due in "
        + "between are open, and nanoseconds of the others; items at once: soak burst JOURNAL ITEMS; whether the "
        + "writers' first bytes and bursts are "
        + "written: soak filled; journals that are open, and were lost to no failure since: soak open; writers read "
        + "their journals once more and rest: soak rest; how many have: soak rested; journals of which writers "
        + "still wait for answers, and for how many: soak owed; how often each writer was told of "
        + "an error: soak failed";
  }

  @Override
  public List<String> run(List<String> words) {
    if (words.size() == 3 && words.getFirst().equals("hold")) {
      point.arm(words.get(1), HoldPoint.Edge.valueOf(words.get(2).toUpperCase(Locale.ROOT)));
      return List.of("armed");
    }
    if (words.equals(List.of("go"))) {
      point.disarm();
      return List.of("disarmed");
    }
    if (words.equals(List.of("held"))) {
      return List.of(Boolean.toString(point.isHeld()));
    }
    if (words.equals(List.of("passed"))) {
      return point.passed();
    }
    if (words.size() == 3 && words.getFirst().equals("burst")) {
      writer(words.get(1)).burst(Integer.parseInt(words.get(2)));
      return List.of("asked");
    }
    if (words.equals(List.of("filled"))) {
      return List.of(Boolean.toString(writers.stream().allMatch(WriterComponent::isFilled)));
    }
    if (words.equals(List.of("open"))) {
      return writers.stream().filter(WriterComponent::isOpen).map(WriterComponent::journal).sorted().toList();
    }
    if (words.equals(List.of("rest"))) {
      writers.forEach(WriterComponent::rest);
      return List.of("resting");
    }
    if (words.equals(List.of("rested"))) {
      return List.of(Long.toString(writers.stream().filter(WriterComponent::isRested).count()));
    }
    if (words.equals(List.of("owed"))) {
      return writers.stream().filter(writer -> writer.owed() > 0)
          .map(writer -> writer.journal() + " " + writer.owed()).sorted().toList();
    }
    if (words.equals(List.of("failed"))) {
      return writers.stream().map(writer -> writer.journal() + " " + writer.failed()).sorted().toList();
    }
    ForceLoop loop = forces;
    if (words.equals(List.of("forces"))) {
      return List.of(loop == null ? "" : loop.timings().take());
    }
    if (words.size() >= 2 && words.getFirst().equals("commits")) {
      return List.of(commits(writer(words.get(1)).times(), words.subList(2, words.size())));
    }
    throw new IllegalArgumentException(help());
  }

  private String commits(TickTimes times, List<String> words) {
    if (words.equals(List.of("begin"))) {
      times.begin();
      return "begun";
    }
    if (words.equals(List.of("end"))) {
      times.end();
      return "ended";
    }
    if (words.isEmpty()) {
      return times.told();
    }
    throw new IllegalArgumentException(help());
  }

  private WriterComponent writer(String journal) {
    return writers.stream().filter(writer -> writer.journal().equals(journal)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nobody writes a journal " + journal));
  }
}
