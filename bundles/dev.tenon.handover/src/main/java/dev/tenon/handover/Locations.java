package dev.tenon.handover;

import dev.tenon.runtime.storage.Blob;
import dev.tenon.runtime.storage.Storage;
import dev.tenon.runtime.storage.Volume;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The locations of one slot, `<role>/<use>/<n>`, and their owner files. On the desk strand only.
final class Locations {
  /// Partition of the conductor and of what `seal()` leaves.
  static final String PARTITION = "_tenon";
  private static final byte[] OWNER = "owner".getBytes(StandardCharsets.US_ASCII);

  private final Volume volume;
  private final String parent;
  /// What was made last, until a record may name it; or empty.
  private String made = "";

  Locations(Volume volume, String role, String use) {
    this.volume = volume;
    this.parent = role + "/" + use;
  }

  String named(long n) {
    return parent + "/" + n;
  }

  /// Every location there is: a folder with a number for a name and an owner file in it, be it readable or not.
  List<StartTable.Place> scan() {
    return scan("[1-9][0-9]{0,17}");
  }

  /// What a recovery or a start has set aside.
  List<StartTable.Place> kept() {
    return scan("[1-9][0-9]{0,17}\\.kept-[0-9]+");
  }

  private List<StartTable.Place> scan(String names) {
    List<StartTable.Place> places = new ArrayList<>();
    for (String name : volume.locations(parent)) {
      if (name.matches(names)) {
        Storage storage = volume.scope(parent + "/" + name);
        if (hasOwner(storage)) {
          places.add(new StartTable.Place(parent + "/" + name, read(storage)));
        }
      }
    }
    return places;
  }

  @Nullable
  Owner read(String location) {
    Storage storage = volume.scope(location);
    return hasOwner(storage) ? read(storage) : null;
  }

  void write(String location, Owner owner) {
    volume.scope(location).replace(PARTITION, OWNER, ByteBuffer.wrap(owner.encode()));
  }

  /// Makes a fresh location; what is in its way is moved aside, or goes where it is the attempt before: those may be
  /// many, and nothing deletes what lies beside a slot that never comes to serve.
  ///
  /// @return where to, or empty
  String prepare(String location, Owner owner) {
    String aside = "";
    if (exists(location)) {
      if (location.equals(made)) {
        volume.delete(location);
      } else {
        aside = moveAside(location);
      }
    }
    made = location;
    write(location, owner);
    return aside;
  }

  /// A record is about to be written.
  void mayBeNamed() {
    made = "";
  }

  /// Renames what must not be looked at any more.
  ///
  /// @return the new name
  String moveAside(String location) {
    String aside = free(location, ".aside-");
    volume.rename(location, aside);
    return aside;
  }

  private String free(String location, String suffix) {
    String name = location.substring(parent.length() + 1);
    List<String> present = volume.locations(parent);
    int k = 1;
    while (present.contains(name + suffix + k)) {
      k++;
    }
    return location + suffix + k;
  }

  /// Renames what is in nobody's charge and may still be wanted: it is not looked at any more, and never deleted.
  ///
  /// @return the new name
  String setAside(String location) {
    String kept = free(location, ".kept-");
    volume.rename(location, kept);
    return kept;
  }

  /// Gives what was set aside its name back: slots beneath know its journals by that one.
  void takeBack(String kept, String location) {
    if (exists(location)) {
      moveAside(location); // without an owner file, so nothing was ever in it
    }
    volume.rename(kept, location);
  }

  /// What was moved aside at some start.
  List<String> aside() {
    return volume.locations(parent).stream().filter(name -> name.matches("[1-9][0-9]{0,17}\\.aside-[0-9]+"))
        .map(name -> parent + "/" + name).toList();
  }

  /// Every location there is, and every one that was set aside by the name that it had: what slots beneath keep for
  /// any other is nobody's. That the others are gone is durable on return, or a later start might find one of them
  /// again.
  static List<String> there(Volume volume, String role, String use) {
    String parent = role + "/" + use;
    List<String> found = new ArrayList<>();
    for (String name : volume.locations(parent)) {
      if (name.matches("[1-9][0-9]{0,17}(\\.kept-[0-9]+)?") && hasOwner(volume.scope(parent + "/" + name))) {
        int dot = name.indexOf('.');
        found.add(parent + "/" + (dot < 0 ? name : name.substring(0, dot)));
      }
    }
    volume.delete(parent + "/0"); // never made: where a name is absent this makes what is seen durable
    return found;
  }

  private boolean exists(String location) {
    return volume.locations(parent).contains(location.substring(parent.length() + 1));
  }

  /// CRC-32C over name, size and bytes of all that `seal()` left.
  int sealDigest(String location) {
    Storage storage = volume.scope(location);
    CRC32C crc = new CRC32C();
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    for (byte[] name : storage.scan(PARTITION)) {
      if (!Arrays.equals(name, OWNER)) {
        byte[] bytes = bytes(storage, name);
        crc.update(name);
        crc.update(number.clear().putLong(bytes.length).flip());
        crc.update(bytes);
      }
    }
    return (int) crc.getValue();
  }

  private static boolean hasOwner(Storage storage) {
    for (byte[] name : storage.scan(PARTITION)) {
      if (Arrays.equals(name, OWNER)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Owner read(Storage storage) {
    return Owner.decode(bytes(storage, OWNER));
  }

  private static byte[] bytes(Storage storage, byte[] name) {
    try (Blob blob = storage.open(PARTITION, name)) {
      byte[] bytes = new byte[(int) Math.min(blob.size(), 16 << 20)];
      blob.read(0, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }
}
