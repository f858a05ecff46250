package dev.tenon.handover;

import dev.tenon.handover.ModelJournal.Kind;
import dev.tenon.handover.ModelJournal.Op;
import dev.tenon.handover.ModelWorld.Mirror;
import dev.tenon.handover.ModelWorld.Tenant;
import java.util.ArrayList;
import java.util.List;

/// Brings a location that was opened again to where its callers believe it is, as a journal's facade does.
final class ModelReapply {
  interface Writer {
    void write(int journal, Op op);
  }

  private final ModelRun run;

  ModelReapply(ModelRun run) {
    this.run = run;
  }

  void to(Tenant tenant, Writer writer) {
    if (tenant.revoked()) {
      return;
    }
    for (int journal = 0; journal < run.mirrors.size(); journal++) {
      Mirror mirror = run.mirrors.get(journal);
      if (mirror.removing()) {
        writer.write(journal, new Op(Kind.REMOVE, 0));
        forget(journal);
      } else if (mirror.durable().exists()) {
        ModelJournal found = Present.of(run.files.place(tenant.place())).content(journal);
        again(journal, mirror, found, writer);
      }
    }
  }

  void forget(int journal) {
    run.mirrors.set(journal, Mirror.NONE);
    run.kept.removeIf(unit -> unit / 16 == journal);
  }

  private void again(int journal, Mirror mirror, ModelJournal found, Writer writer) {
    List<Op> standing = new ArrayList<>();
    int low = Integer.MAX_VALUE;
    int floor = mirror.durable().floor();
    for (int unit : run.kept) {
      Op op = run.scripts.get(unit / 16).op(unit % 16);
      if (unit / 16 == journal) {
        switch (op.kind()) {
          case APPEND -> standing.add(op);
          case REWIND -> {
            standing.removeIf(earlier -> earlier.at() >= op.at());
            low = Math.min(low, op.at());
          }
          case PRUNE -> floor = Math.max(floor, op.at());
          case CREATE, REMOVE -> throw new ModelWrong("it is not kept");
        }
      }
    }
    ModelJournal there = found;
    if (!there.exists()) {
      if (mirror.created()) {
        throw new ModelWrong("a durable journal is gone");
      }
      there = write(there, journal, new Op(Kind.CREATE, 0), writer);
    }
    lost(mirror.durable(), there, floor, low);
    if (there.floor() < floor) {
      there = write(there, journal, new Op(Kind.PRUNE, floor), writer);
    }
    if (there.end() > Math.max(low, floor)) {
      there = write(there, journal, new Op(Kind.REWIND, Math.max(low, floor)), writer);
    }
    for (Op op : standing) {
      if (op.at() >= floor && op.at() >= there.end()) {
        there = write(there, journal, op, writer);
      }
    }
  }

  private static ModelJournal write(ModelJournal to, int journal, Op op, Writer writer) {
    writer.write(journal, op);
    return to.with(op);
  }

  /// What is durable has to be there, up to where a change rewinds it.
  private static void lost(ModelJournal durable, ModelJournal there, int floor, int low) {
    if (there.floor() > floor) {
      throw new ModelWrong("acknowledged items are gone: pruned to " + there.floor() + " instead of " + floor);
    }
    for (int at = floor; at < Math.min(durable.end(), low); at++) {
      if (at >= there.end() || at < there.floor()
          || there.items().charAt(at - there.floor()) != durable.items().charAt(at - durable.floor())) {
        throw new ModelWrong("acknowledged items are gone: durable is " + durable + ", there is " + there);
      }
    }
  }
}
