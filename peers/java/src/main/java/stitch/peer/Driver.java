package stitch.peer;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import stitch.manage.ManageGrpc;
import stitch.manage.ManageService;
import stitch.peer.Contract.Script;
import stitch.peer.Contract.Served;

/** What answers the calls: scripts, and the plain service. */
final class Driver {
  private static final String PICK_ONE = "/" + ManageGrpc.getPickOneMethod().getFullMethodName();
  private static final ServerCallHandler<Message, Message> PLAIN_SERVICE = plainService();

  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final Set<ServedCall> calls = ConcurrentHashMap.newKeySet();
  private final Executor threads;
  private final Consumer<Served> report;

  Driver(Executor threads, Consumer<Served> report) {
    this.threads = threads;
    this.report = report;
  }

  /** The generated code that calls the service. Its types are those of the method. */
  @SuppressWarnings("unchecked")
  private static ServerCallHandler<Message, Message> plainService() {
    String method = ManageGrpc.getPickOneMethod().getFullMethodName();
    return (ServerCallHandler<Message, Message>)
        new ManageService().bindService().getMethod(method).getServerCallHandler();
  }

  /** Keeps a script, or forgets that of its name when it has no steps. */
  void keep(Script script) {
    Unknown.compression(script.getCompression());
    for (int i = 0; i < script.getStepsCount(); i++) {
      Unknown.step(i, script.getSteps(i).getStepCase().getNumber());
    }
    if (script.getStepsCount() == 0) {
      scripts.remove(script.getName());
    } else {
      scripts.put(script.getName(), script);
    }
  }

  /** Returns a service, each method with its own kind. */
  ServerServiceDefinition service(String name, Iterable<Method> methods) {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(name);
    for (Method method : methods) {
      service.addMethod(method.descriptor(), (call, headers) -> serve(method, call, headers));
    }
    return service.build();
  }

  private ServerCall.Listener<Message> serve(
      Method method, ServerCall<Message, Message> call, Metadata headers) {
    String callId = Entries.text(headers, "stitch-call-id");
    String named = Entries.text(headers, "stitch-script");
    ServedCall served = new ServedCall(call, callId, headers, report);
    calls.add(served);
    return served.noting(
        handler(method, named, served).startCall(served, headers), () -> calls.remove(served));
  }

  private ServerCallHandler<Message, Message> handler(
      Method method, String named, ServedCall call) {
    Script script = scripts.get(named.isEmpty() ? method.path() : named);
    if (script != null) {
      call.played(script.getName());
      return new Play(script, method, call, threads).handler();
    }
    if (!named.isEmpty()) {
      return ending(Status.UNIMPLEMENTED.withDescription("no script \"" + named + "\""));
    }
    if (method.path().equals(PICK_ONE)) {
      return PLAIN_SERVICE;
    }
    return ending(Status.UNIMPLEMENTED.withDescription("no script"));
  }

  private static ServerCallHandler<Message, Message> ending(Status status) {
    return (call, headers) -> {
      call.close(status, new Metadata());
      return new ServerCall.Listener<>() {};
    };
  }

  /** Returns when every call that has ended by now is reported. */
  void flush() throws InterruptedException {
    for (ServedCall call : calls) {
      call.awaitReport();
    }
  }
}
