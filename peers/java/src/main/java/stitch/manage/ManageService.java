package stitch.manage;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** The plain service. It knows nothing of the harness. */
public final class ManageService extends ManageGrpc.ManageImplBase {
  @Override
  public void pickOne(NameRequest request, StreamObserver<Expirement> responses) {
    Optional<Expirement> row = Table.find(request.getName());
    if (row.isEmpty()) {
      responses.onError(
          Status.NOT_FOUND.withDescription("expirement not found").asRuntimeException());
      return;
    }
    responses.onNext(row.get());
    responses.onCompleted();
  }
}
