// A call, as the client makes it.
#ifndef STITCH_SRC_CLIENT_CALL_H_
#define STITCH_SRC_CLIENT_CALL_H_

#include <grpcpp/alarm.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "contract.h"
#include "frame.h"
#include "task.h"
#include "types.h"

namespace stitch {

// Makes a call of any kind, by its steps, and records it. The tags of the
// completion queue are completions.
class ClientCall {
 public:
  // What is told must be known to this client, and outlive the call.
  ClientCall(const peer::Call& told, const Method& method, std::shared_ptr<grpc::Channel> channel,
             grpc::CompletionQueue* queue);
  ClientCall(const ClientCall&) = delete;
  ClientCall& operator=(const ClientCall&) = delete;

  // Makes the call, of that id, and gives the record of it.
  Task<peer::Ended> Make(const std::string& id);

 private:
  // Begins the call. Where it has one request, that must be there.
  void Begin(const Frame* request);
  void BeginUnary(const Frame& request);
  void BeginServerStream(const Frame& request);
  void BeginClientStream();
  void BeginBidiStream();
  // Awaits the call's end, which the library tells while the steps go on.
  Detached AwaitEnd();

  // These go on whether it went well or not: what follows sees the call's end.
  Task<bool> Do(const peer::ClientStep& step, const Frame& request);
  Task<bool> Send(const Frame& request, int times);
  Task<bool> Close();
  Task<bool> Receive(int count);
  Task<bool> Wait(int milliseconds);

  const peer::Call& told_;
  const Method& method_;
  const std::shared_ptr<grpc::Channel> channel_;
  grpc::CompletionQueue* const queue_;
  const grpc::internal::RpcMethod rpc_;
  peer::Ended record_;
  grpc::ClientContext context_;
  std::chrono::steady_clock::time_point start_;

  // Those operations of the library's object for its kind that it has.
  std::function<void(grpc::Status* status, void* tag)> finish_;
  std::function<void(void* tag)> read_headers_;
  std::function<void(Frame* response, void* tag)> read_;
  std::function<void(const Frame& request, void* tag)> write_;
  std::function<void(void* tag)> writes_done_;

  Completion started_;
  Completion headers_read_;
  Completion over_;
  // Where the method gives one response.
  Frame response_;
  grpc::Status status_;
  bool has_begun_ = false;
  bool is_closed_ = false;
  grpc::Alarm alarm_;
  std::atomic<bool> is_over_ = false;
};

}  // namespace stitch

#endif  // STITCH_SRC_CLIENT_CALL_H_
