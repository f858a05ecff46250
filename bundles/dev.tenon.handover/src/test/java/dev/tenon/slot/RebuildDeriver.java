package dev.tenon.slot;

import dev.tenon.slot.RebuildModel.Out;
import dev.tenon.slot.RebuildModel.Plant;
import dev.tenon.slot.RebuildModel.Wrong;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A provider's instance in a [RebuildModel]: first a shadow, then an actor. What it derives follows from the inputs.
final class RebuildDeriver implements Shadow<Integer, Out> {
  private final String script;
  private final int base;
  private final @Nullable Out head;
  final Plant plant;
  final int at;
  private LongSupplier from = () -> 0;
  int nextInput;
  private @Nullable Out last;
  /// Derived and not said.
  final ArrayDeque<Out> pending = new ArrayDeque<>();
  /// What each output says that it has derived as a shadow.
  final TreeMap<Integer, Long> made = new TreeMap<>();

  /// @param script how many outputs follow from each input, a digit each
  /// @param base number of the output with which this life of the node began
  /// @param head the one before it; null for none
  /// @param at from which output on it is wrong
  RebuildDeriver(String script, int base, @Nullable Out head, Plant plant, int at) {
    this.script = script;
    this.base = base;
    this.head = head;
    this.plant = plant;
    this.at = at;
  }

  /// Where it should begin before what is kept, it begins there.
  RebuildDeriver takingAGap(LongSupplier kept) {
    from = kept;
    return this;
  }

  @Override
  public long reset(long next, @Nullable Out before) {
    Out begin = before == null ? head : before;
    if ((begin == null ? 0 : begin.number() + 1) != base + next) {
      throw new Wrong("it is reset to " + (base + next) + " behind " + before);
    }
    last = begin;
    nextInput = begin == null ? 0 : begin.input();
    return Math.max(from.getAsLong(), nextInput);
  }

  @Override
  public List<Derived> feed(Integer input) {
    if (input != nextInput) {
      throw new Wrong("it is fed input " + input + ", " + nextInput + " is next");
    }
    return derive(input).stream().map(each -> new Derived(each.number() - base, each.says())).toList();
  }

  /// Outputs that are known are left out.
  List<Out> derive(int input) {
    List<Out> found = new ArrayList<>();
    for (int place = 0; place < script.charAt(input) - '0'; place++) {
      Out before = last;
      int number = before == null ? 0 : before.number() + 1;
      if ((before != null && (before.input() > input || (before.input() == input && before.place() >= place)))
          || (plant == Plant.STOPS && number >= at)) {
        continue;
      }
      boolean here = number == at;
      long sum = (before == null ? 7 : before.sum()) * 31 + input * 7L + place
          + (here && plant == Plant.WANDERS ? 1 : 0);
      Out next = new Out(here && plant == Plant.SKIPS ? number + 1 : number, input, place, sum,
          here && plant == Plant.SLIPS ? sum + 1 : sum);
      found.add(next);
      last = next;
    }
    nextInput = input + 1;
    pending.addAll(found);
    found.forEach(each -> made.put(each.number(), each.says()));
    return found;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(plant).append(at).append('n').append(nextInput);
    text.append(made.keySet());
    pending.forEach(each -> text.append(each.number()).append(' '));
    return text.toString();
  }
}
