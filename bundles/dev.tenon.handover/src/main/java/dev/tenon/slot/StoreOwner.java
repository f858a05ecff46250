package dev.tenon.slot;

/// Who keeps stores in a slot beneath: an instance of a slot above.
///
/// @param slot the full name of the slot above
/// @param location where its data lie, `<role>/<use>/<n>`: its stores are told apart by it
/// @param generation grows with every commit of the slot above; the highest one has the stores of a location
public record StoreOwner(String slot, String location, long generation) {}
