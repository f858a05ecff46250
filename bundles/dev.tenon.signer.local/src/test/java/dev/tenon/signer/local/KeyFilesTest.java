package dev.tenon.signer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Framing;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.jvm.Ed25519;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.StorageFailedException;
import dev.tenon.sim.CrashKind;
import dev.tenon.sim.SimNode;
import dev.tenon.sim.Simulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
  private static final String NAME = "validator-0";

  private final Ed25519 ed25519 = new Ed25519();
  private final Simulation simulation = Simulation.seeded(1);
  private final SimNode node = simulation.node("v0", booted -> {});

  @TempDir
  private Path parent;

  private Path folder;
  private Path file;

  @BeforeEach
  void nameTheFolder() {
    folder = parent.resolve("keys");
    file = folder.resolve(NAME + ".key");
  }

  @AfterEach
  void end() {
    simulation.close();
  }

  @Test
  void makesAKeyThatOnlyItsOwnerReads() throws IOException {
    open();
    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(file).hasSize(32);
    assertThat(names()).containsExactly(NAME + ".key");
  }

  @Test
  void findsTheSameKeyAfterARestart() throws IOException {
    PublicKey made = open().publicKey();
    byte[] secret = Files.readAllBytes(file);
    node.crash(CrashKind.PROCESS_KILL);
    node.start();
    assertThat(open().publicKey()).isEqualTo(made).isEqualTo(ed25519.signingKey(secret).publicKey());
    assertThat(Files.readAllBytes(file)).isEqualTo(secret);
  }

  @Test
  void makesAnotherKeyForAnotherName() {
    var files = new KeyFiles(folder, ed25519);
    assertThat(files.signer(node.runtime(), "a").publicKey())
        .isNotEqualTo(files.signer(node.runtime(), "b").publicKey());
  }

  @Test
  void signsWithWhatItFound() {
    SignerHandle signer = open();
    Bytes namespace = Bytes.wrap("space".getBytes(StandardCharsets.US_ASCII));
    Bytes message = Bytes.wrap("message".getBytes(StandardCharsets.US_ASCII));
    Signature signature = simulation.await(node, () -> signer.sign(namespace, message));
    assertThat(ed25519.verify(signer.publicKey(), Framing.framed(namespace, message), signature)).isTrue();
  }

  @Test
  void refusesAKeyThatOthersMayTouch() throws IOException {
    open();
    for (String tooOpen : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-", "rw---x---")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(tooOpen));
      assertThatThrownBy(this::open).as(tooOpen).isInstanceOf(StorageFailedException.class)
          .hasMessageContaining(NAME).hasMessageContaining(tooOpen);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(open().publicKey()).isNotNull();
  }

  @Test
  void refusesAFileThatIsNoKeyAndLeavesIt() throws IOException {
    open();
    for (int size : List.of(0, 1, 31, 33, 64, 1 << 20)) {
      byte[] garbage = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
      Files.write(file, garbage);
      assertThatThrownBy(this::open).as("%d bytes", size).isInstanceOf(CorruptionException.class)
          .hasMessageContaining(NAME).hasMessageContaining("32 bytes").hasMessageContaining(size + " bytes");
      assertThat(Files.readAllBytes(file)).as("it may be the only copy").isEqualTo(garbage);
    }
  }

  @Test
  void aDraftThatACrashLeftIsNoKeyAndGoes() throws IOException {
    Files.createDirectories(folder);
    Path draft = Files.write(folder.resolve(NAME + ".key.draft"), new byte[32]);
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
    PublicKey made = open().publicKey();
    assertThat(made).as("the draft's bytes are not used").isNotEqualTo(ed25519.signingKey(new byte[32]).publicKey());
    assertThat(names()).containsExactly(NAME + ".key");
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  @Test
  void aDraftBesideAKeyChangesNothing() throws IOException {
    PublicKey made = open().publicKey();
    Files.write(folder.resolve(NAME + ".key.draft"), new byte[7]);
    assertThat(open().publicKey()).isEqualTo(made);
  }

  @Test
  void aNameLeadsOutOfTheFolderNowhere() {
    var files = new KeyFiles(folder, ed25519);
    for (String name : List.of("", "..", "../x", "a/b", "A", "a.key", "x".repeat(65))) {
      assertThatThrownBy(() -> files.signer(node.runtime(), name)).as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(folder).doesNotExist();
    assertThat(files.signer(node.runtime(), "x".repeat(64)).publicKey()).isNotNull();
  }

  @Test
  void aFolderThatCannotBeMadeFailsWithTheKeysName() throws IOException {
    Files.write(folder, new byte[1]);
    assertThatThrownBy(this::open).isInstanceOf(StorageFailedException.class).hasMessageContaining(NAME);
  }

  /// By another instance each time, as after a restart.
  private SignerHandle open() {
    return new KeyFiles(folder, ed25519).signer(node.runtime(), NAME);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> String.valueOf(each.getFileName())).toList();
    }
  }

  private static String permissions(Path of) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(of));
  }
}
