package stitch.peer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import stitch.peer.Contract.Call;
import stitch.peer.Contract.ClientStep;
import stitch.peer.Contract.Ended;

/**
 * A client's call and its record. One thread does its steps; what arrives is brought by those of
 * the library, one response ahead of the steps, so that a wait ends with the call.
 */
final class MadeCall implements ClientResponseObserver<Message, Message> {
  private final Method method;
  private final Arrivals responses = new Arrivals();
  private final Messages taken = new Messages();
  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private final ClientCall<Message, Message> call;
  private final long start = System.nanoTime();
  private StreamObserver<Message> requests; // of a method that takes one there are none
  private boolean isHalfClosed;
  private boolean isCancelled;
  private int sent;
  private volatile Status status;
  private volatile double elapsedMs;

  /** Throws an IllegalArgumentException for metadata that the library does not take. */
  MadeCall(String id, Call told, Method method, Channel channel) {
    this.method = method;
    Metadata metadata = Entries.metadata(told.getMetadataList());
    metadata.put(Entries.ascii("stitch-call-id"), id);
    CallOptions options = CallOptions.DEFAULT;
    if (told.getTimeoutMs() > 0) {
      options = options.withDeadlineAfter(Math.round(told.getTimeoutMs() * 1e6), NANOSECONDS);
    }
    if (told.getWaitForReady()) {
      options = options.withWaitForReady();
    }
    if (!told.getCompression().isEmpty()) {
      options = options.withCompression(told.getCompression());
    }
    call =
        ClientInterceptors.intercept(
                channel,
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers),
                MetadataUtils.newAttachHeadersInterceptor(metadata))
            .newCall(method.descriptor(), options);
  }

  /** Does the steps, and what is left to do behind them. */
  Ended.Builder perform(List<ClientStep> steps)
      throws InvalidProtocolBufferException, InterruptedException {
    List<Message> messages = new ArrayList<>();
    for (ClientStep step : steps) {
      messages.add(step.hasSend() ? method.parseRequest(step.getSend()) : null);
    }
    if (!method.type().clientSendsOneMessage()) {
      begin();
    }
    for (int i = 0; i < steps.size(); i++) {
      perform(steps.get(i), messages.get(i));
    }
    if (!isCancelled) {
      halfClose();
      receive(-1);
    }
    responses.awaitEnd();
    return record();
  }

  private void perform(ClientStep step, Message message) throws InterruptedException {
    switch (step.getStepCase()) {
      case SEND -> send(message, Math.max(step.getTimes(), 1));
      case CLOSE -> halfClose();
      case RECEIVE -> receive(step.getReceive());
      case WAIT_MS -> responses.awaitEnd(step.getWaitMs());
      case CANCEL -> {
        isCancelled = true;
        call.cancel("a step of the call", null);
      }
      case STEP_NOT_SET -> throw new IllegalArgumentException("an unknown step was told");
    }
  }

  private void begin() {
    requests =
        method.type().serverSendsOneMessage()
            ? ClientCalls.asyncClientStreamingCall(call, this)
            : ClientCalls.asyncBidiStreamingCall(call, this);
  }

  /** The only request of a method begins the call, and is its half-close. */
  private void beginWith(Message request) {
    if (method.type().serverSendsOneMessage()) {
      Futures.addCallback(
          ClientCalls.futureUnaryCall(call, request),
          new FutureCallback<>() {
            @Override
            public void onSuccess(Message response) {
              onNext(response);
              onCompleted();
            }

            @Override
            public void onFailure(Throwable error) {
              onError(error);
            }
          },
          MoreExecutors.directExecutor());
    } else {
      ClientCalls.asyncServerStreamingCall(call, request, this);
    }
  }

  /** Sends when the library takes it: the first request always. Behind the call's end none is. */
  private void send(Message request, int times) throws InterruptedException {
    if (requests == null) {
      beginWith(request);
      sent++;
      return;
    }
    for (int i = 0; i < times; i++) {
      if (sent > 0) {
        responses.awaitReady(call::isReady);
      }
      if (responses.isOver()) {
        return;
      }
      requests.onNext(request);
      sent++;
    }
  }

  private void halfClose() {
    if (requests != null && !isHalfClosed && !responses.isOver()) {
      isHalfClosed = true;
      requests.onCompleted();
    }
  }

  /** Takes so many responses, fewer when the call ends; -1: all. */
  private void receive(int count) throws InterruptedException {
    for (int left = count; left != 0; left--) {
      Message response = responses.take();
      if (response == null) {
        return;
      }
      taken.add(response);
      if (!method.type().serverSendsOneMessage()) {
        call.request(1);
      }
    }
  }

  private Ended.Builder record() {
    return Ended.newBuilder()
        .setStatus(Statuses.of(status, metadata(trailers)))
        .addAllResponses(taken.list())
        .addAllHeaders(Entries.of(metadata(headers)))
        .addAllTrailers(Entries.of(metadata(trailers)))
        .setSent(sent)
        .setElapsedMs(elapsedMs);
  }

  private static Metadata metadata(AtomicReference<Metadata> captured) {
    Metadata metadata = captured.get();
    return metadata == null ? new Metadata() : metadata;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Message> stream) {
    stream.disableAutoRequestWithInitial(1);
    stream.setOnReadyHandler(responses::wake);
  }

  @Override
  public void onNext(Message response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable error) {
    end(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  private void end(Status status) {
    this.status = status;
    elapsedMs = (System.nanoTime() - start) / 1e6;
    responses.end();
  }
}
