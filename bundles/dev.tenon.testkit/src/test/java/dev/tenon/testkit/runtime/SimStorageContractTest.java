package dev.tenon.testkit.runtime;

class SimStorageContractTest extends StorageContract {
  @Override
  protected RuntimeBed newBed() {
    return new SimBed(12);
  }
}
