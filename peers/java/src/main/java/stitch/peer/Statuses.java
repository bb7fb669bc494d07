package stitch.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;

/** Statuses, as the lines and as the library have them. */
final class Statuses {
  private Statuses() {}

  static Contract.Status of(Status status, Metadata trailers) {
    Contract.Status.Builder told = Contract.Status.newBuilder().setCode(status.getCode().value());
    if (status.getDescription() != null) {
      told.setMessage(status.getDescription());
    }
    com.google.rpc.Status detailed = detailed(status, trailers);
    if (detailed.getDetailsCount() > 0) {
      told.setDetails(detailed.toByteString());
    }
    return told.build();
  }

  private static com.google.rpc.Status detailed(Status status, Metadata trailers) {
    try {
      return StatusProto.fromStatusAndTrailers(status, trailers);
    } catch (IllegalArgumentException e) { // details of another status
      return com.google.rpc.Status.getDefaultInstance();
    }
  }

  /** Returns what an exception is to the library: UNKNOWN, when it has no status. */
  static Status ofThrowable(Throwable thrown) {
    Status status = Status.fromThrowable(thrown);
    return status.getDescription() == null ? status.withDescription(thrown.toString()) : status;
  }

  /** Returns the status; its details, where there are any, become a trailer. */
  static Status read(Contract.Status told, Metadata trailers)
      throws InvalidProtocolBufferException {
    if (!told.getDetails().isEmpty()) {
      StatusException detailed =
          StatusProto.toStatusException(
              com.google.rpc.Status.parseFrom(told.getDetails()).toBuilder()
                  .setCode(told.getCode())
                  .setMessage(told.getMessage())
                  .build());
      trailers.merge(detailed.getTrailers());
    }
    Status status = Status.fromCodeValue(told.getCode());
    return told.getMessage().isEmpty() ? status : status.withDescription(told.getMessage());
  }
}
