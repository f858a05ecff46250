package dev.tenon.testkit.runtime;

class SimRuntimeContractTest extends RuntimeContract {
  @Override
  protected RuntimeBed newBed() {
    return new SimBed(11);
  }
}
