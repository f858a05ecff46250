package dev.tenon.handover;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Strand;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.role.Description;
import dev.tenon.slot.QueuedFacade;
import dev.tenon.slot.QueuedTransfer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Does what a slot's machine wants of the provider that is to take over, while another one serves. Each method returns
/// what becomes the step's end. Owned by the conductor; a task touches only what it is given.
final class StandbyRun {
  private final Tenants tenants;
  private final QueuedFacade facade;
  private @Nullable Tenant standby;
  /// Where a standby that was given up closes, until the next one is taken.
  private @Nullable Tenant leaving;
  private @Nullable Strand leavingStrand;

  StandbyRun(Tenants tenants, QueuedFacade facade) {
    this.tenants = tenants;
    this.facade = facade;
  }

  Completion<Description> take(long ref, ProviderSource from) {
    endLeaving();
    Tenant taking = tenants.tenant(ref, from, tenants.newStrand());
    standby = taking;
    return tenants.take(taking);
  }

  Completion<Boolean> open(long generation, String location) {
    return tenants.open(Present.of(standby), generation, location, true);
  }

  /// Between two batches of the instance that serves.
  ///
  /// @param holdMs how long calls past the queue may take to end; 0 where they go on
  Completion<QueuedTransfer.Piece> export(Tenant serving, long holdMs) {
    Tenant to = Present.of(standby);
    serving.read = true;
    return serving.run("export", () -> {
      try {
        return read(serving, to, holdMs);
      } finally {
        serving.read = false;
      }
    });
  }

  private QueuedTransfer.Piece read(Tenant serving, Tenant to, long holdMs) {
    Object instance = Present.of(serving.instance);
    QueuedTransfer transfer = to.transfer;
    if (transfer == null) {
      transfer = facade.transfer(instance);
      to.transfer = transfer;
    }
    if (to.givenUp) {
      facade.endTransfer(); // it was given up while this waited for the strand
      throw new UnavailableException("the handover was given up");
    }
    if (holdMs > 0 && !facade.hold(instance, holdMs)) {
      throw tenants.stillInside(instance, holdMs);
    }
    QueuedTransfer.Piece read = transfer.export(instance);
    to.piece = read;
    return read;
  }

  Completion<Boolean> apply(boolean verify) {
    Tenant to = Present.of(standby);
    return to.run(verify ? "verify" : "apply", () -> {
      QueuedTransfer transfer = Present.of(to.transfer);
      Object instance = Present.of(to.instance);
      transfer.apply(instance, Present.of(to.piece));
      to.piece = null;
      if (verify) {
        transfer.verify(instance);
      }
      return true;
    });
  }

  Completion<Boolean> revoke() {
    Tenant ending = standby;
    if (ending != null) { // else it was to be taken once the slots beneath go on
      ending.givenUp = true; // before the end: an export that begins its transfer after it sees this
    }
    facade.endTransfer();
    return tenants.revoke(ending);
  }

  Completion<Boolean> close() {
    Tenant closing = standby;
    standby = null;
    if (closing == null) {
      return tenants.revoke(null);
    }
    leaving = closing;
    leavingStrand = closing.strand;
    return tenants.close(closing);
  }

  /// What the strand does of who is being filled.
  List<String> doing() {
    return standby == null ? List.of() : standby.doing();
  }

  void giveUp() {
    Tenant stuck = standby;
    if (stuck != null) {
      tenants.abandon(stuck);
    } else {
      endLeaving(); // in its close
    }
  }

  /// It is going to serve: nothing more is carried over, whatever the record's write brings.
  Tenant promoted() {
    Tenant next = Present.of(standby);
    facade.endTransfer();
    standby = null;
    next.adopted = true;
    next.transfer = null;
    next.owned = false;
    return next;
  }

  /// The slot goes.
  void end() {
    endLeaving();
    if (standby != null) {
      standby.strand.giveUp();
    }
  }

  /// What has closed holds its provider's classes; its strand holds nothing.
  void forgetClosed() {
    if (leaving != null && leaving.closed) {
      leaving = null;
    }
  }

  private void endLeaving() {
    Tenant left = leaving;
    Strand strand = leavingStrand;
    leaving = null;
    leavingStrand = null;
    if (left != null) {
      tenants.leave(left);
    } else if (strand != null) {
      strand.giveUp();
    }
  }
}
