package dev.tenon.soak;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.InvalidDataException;
import dev.tenon.codec.Reader;
import dev.tenon.consensus.Epoch;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import dev.tenon.crypto.Signature;
import dev.tenon.crypto.SignerHandle;
import dev.tenon.crypto.Signers;
import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;

/// Signs with another's keys, and records each message before it is signed: what was not recorded was never signed.
@Component(name = "dev.tenon.soak.signers", property = "tenon.signers=observed")
public final class ObservedSigners implements Signers {
  private static final int KEY_SIZE = 32;
  private static final String CHUNK = "_CHUNK";
  private static final String ACK = "_ACK";

  private final History history;

  /// Who signs. Not static: it is of the kind that this offers.
  @Reference(name = "signers", target = "(tenon.signers=local)", policy = ReferencePolicy.DYNAMIC)
  @SuppressWarnings("NullAway.Init") // mandatory, so that it is there before activation
  private volatile Signers signers;

  /// Takes its reference.
  ///
  /// @param history what was signed
  @Activate
  public ObservedSigners(@Reference(name = "history") History history) {
    this.history = history;
  }

  @Override
  public SignerHandle signer(Runtime runtime, String name) {
    return new Observed(signers.signer(runtime, name), history);
  }

  private record Observed(SignerHandle handle, History history) implements SignerHandle {
    @Override
    public PublicKey publicKey() {
      return handle.publicKey();
    }

    @Override
    public Completion<Signature> sign(Bytes namespace, Bytes message) {
      history.line(told(publicKey(), namespace, message));
      return handle.sign(namespace, message);
    }

    @Override
    public SignerHandle lease(String slot, long generation) {
      return new Observed(handle.lease(slot, generation), history);
    }
  }

  /// A line for a chunk or an ack, and another for what is neither.
  static String told(PublicKey signer, Bytes namespace, Bytes message) {
    String name = new String(namespace.toArray(), StandardCharsets.UTF_8);
    var reader = new Reader(message);
    try {
      Bytes sequencer = reader.raw(KEY_SIZE, "PublicKey");
      Height height = Height.CODEC.read(reader);
      Digest payload = Digest.CODEC.read(reader);
      if (name.endsWith(CHUNK)) {
        reader.finish();
        return String.join(" ", "chunk", signer.bytes().hex(), sequencer.hex(), number(height.value()),
            payload.bytes().hex());
      }
      if (name.endsWith(ACK)) {
        Epoch epoch = Epoch.CODEC.read(reader);
        reader.finish();
        return String.join(" ", "ack", signer.bytes().hex(), sequencer.hex(), number(height.value()),
            payload.bytes().hex(), number(epoch.value()));
      }
    } catch (InvalidDataException e) {
      return "strange " + name + " " + message.hex();
    }
    return "strange " + name + " " + message.hex();
  }

  private static String number(long unsigned) {
    return Long.toUnsignedString(unsigned);
  }
}
