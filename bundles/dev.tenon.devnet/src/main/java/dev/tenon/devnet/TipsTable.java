package dev.tenon.devnet;

import dev.tenon.broadcast.BroadcastStatus;
import dev.tenon.runtime.status.StatusTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// Shows the end of each chain as each engine sees it.
@Component(name = "dev.tenon.devnet.tips", service = StatusTable.class)
public final class TipsTable implements StatusTable {
  private static final int ROWS_MAX = 10_000;

  @Reference(name = "engines", policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  private volatile List<BroadcastStatus> engines = List.of();

  /// Has no state of its own.
  @Activate
  public TipsTable() {}

  @Override
  public String name() {
    return "tips";
  }

  @Override
  public String help() {
    return "shows the highest chunk of each sequencer as each engine sees it";
  }

  @Override
  public List<String> columns() {
    return List.of("node", "engine", "epoch", "sequencer", "tip", "certified", "state");
  }

  @Override
  public List<List<String>> rows() {
    var rows = new ArrayList<List<String>>();
    List<BroadcastStatus.View> views = engines.stream().map(BroadcastStatus::view)
        .sorted(Comparator.comparing(BroadcastStatus.View::node).thenComparing(BroadcastStatus.View::engine)).toList();
    for (BroadcastStatus.View view : views) {
      for (BroadcastStatus.Tip tip : view.tips()) {
        if (rows.size() < ROWS_MAX) {
          rows.add(row(view, tip));
        }
      }
    }
    return rows;
  }

  private static List<String> row(BroadcastStatus.View view, BroadcastStatus.Tip tip) {
    return List.of(view.node(), view.engine(), Long.toUnsignedString(view.epoch()), tip.sequencer().toString(),
        Long.toUnsignedString(tip.height()),
        tip.certifiedHeight() == -1 ? "none" : Long.toUnsignedString(tip.certifiedHeight()),
        view.paused().isEmpty() ? "working" : "paused: " + view.paused());
  }
}
