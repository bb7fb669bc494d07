// A call, as the server's handler has it.
#ifndef STITCH_SRC_SERVER_CALL_H_
#define STITCH_SRC_SERVER_CALL_H_

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "contract.h"
#include "frame.h"
#include "task.h"
#include "types.h"

namespace stitch {

class Scripts;

// Answers a call of any kind by its script, or as the plain service, and tells
// of it. It deletes itself when the library is done with it.
class ServerCall {
 public:
  ServerCall(const ServerCall&) = delete;
  ServerCall& operator=(const ServerCall&) = delete;
  virtual ~ServerCall() = default;

  // Begins to answer.
  Detached Run();

 protected:
  // Where the method takes one request, that is there. Where it gives one
  // response, there is a place for it. Otherwise these are null.
  ServerCall(Scripts* scripts, const Method& method, grpc::CallbackServerContext* context,
             const Frame* request, Frame* response);

  // What the library says: the operation that was started has ended, the call
  // was cancelled, all is done.
  void Ended(bool ok) { operation_->Set(ok); }
  void Cancelled();
  void Done() { done_.Set(true); }

 private:
  // The library's operations.
  virtual void StartHeaders() = 0;
  virtual void StartReceiving(Frame* request) = 0;
  virtual void StartSending(const Frame& response) = 0;
  virtual void Finish(const grpc::Status& status) = 0;

  // The status that the call is to end with.
  Task<grpc::Status> Answer();
  Task<grpc::Status> Play(const peer::Script& script);
  Task<grpc::Status> PickOne();

  // These are false when the call has ended under them, or has to end because
  // of a message that is unusable.
  Task<bool> Do(const peer::ServerStep& step);
  Task<bool> SendHeaders(const peer::Headers& headers);
  Task<bool> ReceiveSome(int count);
  Task<bool> Send(std::unique_ptr<google::protobuf::Message> message, int times);
  Task<bool> Wait(int milliseconds);

  // The next request. Null when there is none.
  Task<std::unique_ptr<google::protobuf::Message>> Receive();

  // Sets the trailers, and returns the status.
  grpc::Status End(const peer::End& end);
  // The status of a call that one of the above was false for.
  grpc::Status Broken();
  // The first value of an ASCII key of the request metadata, or "".
  std::string Value(const char* key) const;

  Scripts* const scripts_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  const Frame* request_;
  Frame* const response_;
  peer::Served record_;
  std::optional<Completion> operation_;
  grpc::Alarm alarm_;
  Completion done_;
  // The library says so in a thread of its own, whenever it likes.
  std::atomic<bool> is_cancelled_ = false;
  enum class Standing { kOpen, kCancelledUntold, kTold };
  std::atomic<Standing> standing_ = Standing::kOpen;
};

// A call as the library's reactor for its kind. A kind without requests or
// responses to stream has no such operation, and none of these reactions.
template <typename Reactor>
class Reaction final : public Reactor, public ServerCall {
 public:
  Reaction(Scripts* scripts, const Method& method, grpc::CallbackServerContext* context,
           const Frame* request, Frame* response)
      : ServerCall(scripts, method, context, request, response) {}

  void OnSendInitialMetadataDone(bool ok) override { Ended(ok); }
  // NOLINTBEGIN(modernize-use-override,clang-diagnostic-inconsistent-missing-override)
  void OnReadDone(bool ok) { Ended(ok); }
  void OnWriteDone(bool ok) { Ended(ok); }
  // NOLINTEND(modernize-use-override,clang-diagnostic-inconsistent-missing-override)
  void OnCancel() override { Cancelled(); }
  void OnDone() override { Done(); }

 private:
  void StartHeaders() override { this->StartSendInitialMetadata(); }
  void StartReceiving(Frame* request) override {
    if constexpr (requires { this->StartRead(request); }) {
      this->StartRead(request);
    }
  }
  void StartSending(const Frame& response) override {
    if constexpr (requires { this->StartWrite(&response); }) {
      this->StartWrite(&response);
    }
  }
  void Finish(const grpc::Status& status) override { Reactor::Finish(status); }
};

}  // namespace stitch

#endif  // STITCH_SRC_SERVER_CALL_H_
