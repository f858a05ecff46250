package dev.tenon.signer.local;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignatureAlgorithm;
import dev.tenon.crypto.SignatureAlgorithm.SigningKey;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.SignerLeases;
import dev.tenon.crypto.Signers;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/// Keys as files of 32 raw bytes in one folder, `<name>.key`, readable by their owner only. Knows nothing of OSGi.
public final class KeyFiles implements Signers {
  private static final int SECRET_SIZE = 32;
  private static final Set<PosixFilePermission> OWNER = EnumSet.of(PosixFilePermission.OWNER_READ,
      PosixFilePermission.OWNER_WRITE);

  /// Of each key, whatever handle it is asked for with.
  private final ConcurrentSkipListMap<String, SignerLeases> leases = new ConcurrentSkipListMap<>();
  private final Path folder;
  private final SignatureAlgorithm algorithm;

  /// Makes nothing yet.
  ///
  /// @param folder made with the first key
  /// @param algorithm of the keys
  public KeyFiles(Path folder, SignatureAlgorithm algorithm) {
    this.folder = folder;
    this.algorithm = algorithm;
  }

  @Override
  public SignerHandle signer(Runtime runtime, String name) {
    if (!name.matches("[a-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("a key's name is [a-z0-9-]{1,64}: " + name);
    }
    Path file = folder.resolve(name + ".key");
    try {
      if (!Files.exists(file)) {
        create(file, runtime);
      }
      return new Handle(runtime, algorithm.signingKey(read(file)),
          leases.computeIfAbsent(name, key -> new SignerLeases()));
    } catch (IOException e) {
      throw new StorageFailedException("key " + name + ": " + e, e);
    }
  }

  /// A crash leaves either no key or a whole one: it is forced under another name first, then linked to its own.
  private void create(Path file, Runtime runtime) throws IOException {
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    byte[] secret = new byte[SECRET_SIZE];
    runtime.entropy().fill(secret);
    Path draft = folder.resolve(file.getFileName() + ".draft");
    Files.deleteIfExists(draft);
    try (FileChannel channel = FileChannel.open(draft,
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(OWNER))) {
      ByteBuffer bytes = ByteBuffer.wrap(secret);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent = FileChannel.open(folder, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private static byte[] read(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER.containsAll(permissions)) {
      throw new StorageFailedException("key " + file.getFileName() + " is open to others than its owner: "
          + PosixFilePermissions.toString(permissions));
    }
    long size = Files.size(file);
    if (size != SECRET_SIZE) {
      throw new CorruptionException("keys", String.valueOf(file.getFileName()), 0, SECRET_SIZE + " bytes",
          size + " bytes");
    }
    return Files.readAllBytes(file);
  }

  private record Handle(Runtime runtime, SigningKey key, SignerLeases leases) implements SignerHandle {
    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public Completion<Signature> sign(Bytes namespace, Bytes message) {
      return runtime.compute().submit(() -> key.sign(Framing.framed(namespace, message)));
    }

    @Override
    public SignerHandle lease(String slot, long generation) {
      return leases.lease(runtime, this, slot, generation);
    }
  }
}
