package stitch.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManageServiceTest {
  /** What the service answered. */
  private static final class Answer implements StreamObserver<Expirement> {
    Expirement row;
    Throwable error;

    @Override
    public void onNext(Expirement row) {
      this.row = row;
    }

    @Override
    public void onError(Throwable error) {
      this.error = error;
    }

    @Override
    public void onCompleted() {
      assertNotNull(row);
    }
  }

  private static Answer pickOne(String name) {
    Answer answer = new Answer();
    new ManageService().pickOne(NameRequest.newBuilder().setName(name).build(), answer);
    return answer;
  }

  @ParameterizedTest
  @CsvSource({
    "0, Cyber, breaking",
    "1, Shrink, short-flying",
    "2, Doubledip, filting anying",
    "3, Howcome, making why",
    "4, Squawk, advanced language skill",
    "5, Truxx, seting up heavy machine",
    "6, Gigi, touching ur heart",
    "7, Stitch, making annoyed noise",
  })
  void knowsTheTable(int id, String name, String skill) {
    assertEquals(
        Expirement.newBuilder().setId(id).setName(name).setSkill(skill).build(), pickOne(name).row);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stitch", "Stitch ", " Stitch", "Stitch\0", "Ｓtitch", "👽"})
  void comparesExactly(String name) {
    Answer answer = pickOne(name);
    assertNull(answer.row);
    Status status = Status.fromThrowable(answer.error);
    assertEquals(Status.Code.NOT_FOUND, status.getCode());
    assertEquals("expirement not found", status.getDescription());
  }
}
