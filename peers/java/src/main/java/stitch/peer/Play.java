package stitch.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import stitch.peer.Contract.End;
import stitch.peer.Contract.Script;
import stitch.peer.Contract.ServerStep;

/** A script as it answers a call. Its steps are done in order, in a thread of their own. */
final class Play {
  /** So many requests of those that are all wanted may be on their way from the library. */
  private static final int AHEAD = 8;

  private final Script script;
  private final Method method;
  private final ServedCall call;
  private final Executor threads;
  private ServerCallStreamObserver<Message> responses;

  Play(Script script, Method method, ServedCall call, Executor threads) {
    this.script = script;
    this.method = method;
    this.call = call;
    this.threads = threads;
  }

  /** Returns the library's handler for the kind of the method, with the script as its code. */
  ServerCallHandler<Message, Message> handler() {
    return switch (method.type()) {
      case UNARY -> ServerCalls.asyncUnaryCall(this::begin);
      case SERVER_STREAMING -> ServerCalls.asyncServerStreamingCall(this::begin);
      case CLIENT_STREAMING -> ServerCalls.asyncClientStreamingCall(this::begin);
      case BIDI_STREAMING -> ServerCalls.asyncBidiStreamingCall(this::begin);
      case UNKNOWN -> throw new IllegalArgumentException(method.path() + " is of no kind");
    };
  }

  private void begin(Message request, StreamObserver<Message> responses) {
    call.requests().add(request);
    call.requests().complete();
    this.responses = (ServerCallStreamObserver<Message>) responses;
    threads.execute(this::run);
  }

  private StreamObserver<Message> begin(StreamObserver<Message> responses) {
    this.responses = (ServerCallStreamObserver<Message>) responses;
    this.responses.disableAutoRequest();
    threads.execute(this::run);
    return new StreamObserver<>() {
      @Override
      public void onNext(Message request) {
        call.requests().add(request);
      }

      @Override
      public void onError(Throwable cancelled) {
        call.requests().end();
      }

      @Override
      public void onCompleted() {
        call.requests().complete();
      }
    };
  }

  private void run() {
    Status status;
    try {
      status = play();
    } catch (InvalidProtocolBufferException e) {
      call.unusable(e.getMessage());
      status = Status.INTERNAL.withDescription(e.getMessage());
    } catch (InterruptedException | RuntimeException e) {
      status = Statuses.ofThrowable(e);
    }
    if (!call.requests().isOver()) {
      call.close(status, new Metadata());
    }
  }

  private Status play() throws InvalidProtocolBufferException, InterruptedException {
    if (!script.getCompression().isEmpty()) {
      responses.setCompression(script.getCompression());
    }
    for (ServerStep step : script.getStepsList()) {
      switch (step.getStepCase()) {
        case HEADERS -> call.sendHeaders(Entries.metadata(step.getHeaders().getEntriesList()));
        case RECEIVE -> receive(step.getReceive());
        case SEND -> send(step.getSend(), Math.max(step.getTimes(), 1));
        case WAIT_MS -> call.requests().awaitEnd(step.getWaitMs());
        case END -> {
          return end(step.getEnd());
        }
        case STEP_NOT_SET -> throw new IllegalArgumentException("an unknown step was kept");
      }
      if (call.requests().isOver()) {
        return Status.CANCELLED;
      }
    }
    return Status.OK;
  }

  /** Takes so many requests, fewer when there are no more; -1: all. */
  private void receive(int count) throws InterruptedException {
    boolean isStream = !method.type().clientSendsOneMessage();
    if (isStream) {
      responses.request(count < 0 ? AHEAD : count);
    }
    for (int left = count; left != 0 && call.requests().take() != null; left--) {
      if (isStream && count < 0) {
        responses.request(1);
      }
    }
  }

  private void send(ByteString bytes, int times)
      throws InvalidProtocolBufferException, InterruptedException {
    Message response = method.parseResponse(bytes);
    for (int i = 0; i < times; i++) {
      call.requests().awaitReady(responses::isReady);
      responses.onNext(response);
    }
  }

  private Status end(End end) throws InvalidProtocolBufferException {
    Metadata trailers = Entries.metadata(end.getTrailersList());
    Status status = Statuses.read(end.getStatus(), trailers);
    call.addTrailers(trailers);
    return status;
  }
}
