package stitch.peer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import stitch.peer.Contract.Served;

/** A server's call with its record, which is told before the library has the status. */
final class ServedCall extends SimpleForwardingServerCall<Message, Message> {
  private final Arrivals requests = new Arrivals();
  private final Metadata trailers = new Metadata();
  private final Messages received = new Messages();
  private final Messages sent = new Messages();
  private final Served.Builder record = Served.newBuilder();
  private final Consumer<Served> report;
  private final CountDownLatch reported = new CountDownLatch(1);
  private boolean areHeadersSent;

  ServedCall(
      ServerCall<Message, Message> call, String callId, Metadata headers, Consumer<Served> report) {
    super(call);
    this.report = report;
    record
        .setCallId(callId)
        .setMethod("/" + call.getMethodDescriptor().getFullMethodName())
        .addAllMetadata(Entries.of(headers))
        .setClientName(Tls.clientName(call.getAttributes()));
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      record.setTimeRemainingMs(deadline.timeRemaining(NANOSECONDS) / 1e6);
    }
  }

  /** What a script receives: it is put here by those who know whether it comes in a stream. */
  Arrivals requests() {
    return requests;
  }

  /** Notes the script that answers it. */
  synchronized void played(String script) {
    record.setScript(script);
  }

  /** Notes what the protobuf runtime said to a message. */
  synchronized void unusable(String words) {
    record.setUnusable(words);
  }

  /** Adds to the trailers that will be sent, whatever the status. */
  void addTrailers(Metadata more) {
    trailers.merge(more);
  }

  /** Sends the response headers; what the library would send later is sent already then. */
  @Override
  public void sendHeaders(Metadata headers) {
    if (!areHeadersSent) {
      areHeadersSent = true;
      super.sendHeaders(headers);
    }
  }

  @Override
  public void sendMessage(Message response) {
    super.sendMessage(response);
    synchronized (this) {
      sent.add(response);
    }
  }

  @Override
  public void close(Status status, Metadata more) {
    more.merge(trailers);
    report(isCancelled() ? null : Statuses.of(status, more));
    super.close(status, more);
  }

  /** Tells the record, once; null is the status of a call that has ended under its handler. */
  private synchronized void report(Contract.Status status) {
    if (reported.getCount() == 0) {
      return;
    }
    record.addAllRequests(received.list()).addAllResponses(sent.list());
    if (status == null) {
      record.setCancelled(true);
    } else {
      record.setStatus(status);
    }
    report.accept(record.build());
    reported.countDown();
  }

  /** Waits for the record of a call that has ended. */
  void awaitReport() throws InterruptedException {
    if (isCancelled()) {
      reported.await();
    }
  }

  /** Notes what the listener of the library, or of a service, is told. */
  Listener<Message> noting(Listener<Message> listener, Runnable onEnd) {
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Message request) {
        synchronized (ServedCall.this) {
          received.add(request);
        }
        super.onMessage(request);
      }

      @Override
      public void onReady() {
        requests.wake();
        super.onReady();
      }

      @Override
      public void onCancel() {
        end();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        end();
        super.onComplete();
      }

      private void end() {
        report(null);
        requests.end();
        onEnd.run();
      }
    };
  }
}
