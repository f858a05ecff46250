package dev.tenon.handover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What a provider throws is copied before anything else is done with it.
class FailureTest {
  @SuppressWarnings("serial") // nobody writes it
  private static final class Speechless extends RuntimeException {
    @Override
    public String getMessage() {
      throw new NoClassDefFoundError("planted in getMessage");
    }
  }

  @Test
  void anExceptionThatCannotSayWhatItIsIsAFailureLikeAnother() {
    Failure failure = Failure.of(new Speechless());
    assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
    assertThat(failure.text()).isEqualTo(Speechless.class.getName());
    assertThat(failure.told()).hasMessage(Speechless.class.getName());
  }
}
