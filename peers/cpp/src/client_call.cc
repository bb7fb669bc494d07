#include "client_call.h"

#include <utility>

namespace stitch {

using google::protobuf::Message;
using grpc::internal::RpcMethod;

ClientCall::ClientCall(const peer::Call& told, const Method& method,
                       std::shared_ptr<grpc::Channel> channel, grpc::CompletionQueue* queue)
    : told_(told),
      method_(method),
      channel_(std::move(channel)),
      queue_(queue),
      rpc_(told.method().c_str(), method.kind),
      response_(method.response) {}

Task<peer::Ended> ClientCall::Make(const std::string& id) {
  std::vector<Frame> requests(told_.steps_size());
  for (int step = 0; step < told_.steps_size(); ++step) {
    if (!told_.steps(step).has_send()) continue;
    requests[step].message = Parse(*method_.request, told_.steps(step).send());
    if (requests[step].message == nullptr) {
      record_.set_unusable(Unusable(*method_.request));
      co_return std::move(record_);
    }
  }
  if (const std::string why = Unsendable(told_.metadata()); !why.empty()) {
    *record_.mutable_status() = Tell({grpc::StatusCode::UNKNOWN, why});
    co_return std::move(record_);
  }
  for (const peer::Metadatum& entry : told_.metadata()) {
    context_.AddMetadata(entry.key(), ValueOf(entry));
  }
  context_.AddMetadata("stitch-call-id", id);
  context_.set_wait_for_ready(told_.wait_for_ready());
  if (told_.compression() == "gzip") {
    context_.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  }
  if (method_.streams_requests) Begin(nullptr);
  for (int step = 0; step < told_.steps_size(); ++step) {
    co_await Do(told_.steps(step), requests[step]);
  }
  const bool was_cancelled = told_.steps_size() > 0 && told_.steps().rbegin()->cancel();
  if (!was_cancelled) {
    co_await Close();
    co_await Receive(-1);
  }
  co_await over_;
  co_await started_;
  *record_.mutable_status() = Tell(status_);
  *record_.mutable_headers() = Tell(context_.GetServerInitialMetadata());
  *record_.mutable_trailers() = Tell(context_.GetServerTrailingMetadata());
  co_return std::move(record_);
}

void ClientCall::Begin(const Frame* request) {
  has_begun_ = true;
  start_ = std::chrono::steady_clock::now();
  if (told_.timeout_ms() > 0) context_.set_deadline(In(told_.timeout_ms()));
  switch (method_.kind) {
    case RpcMethod::NORMAL_RPC:
      BeginUnary(*request);
      break;
    case RpcMethod::SERVER_STREAMING:
      BeginServerStream(*request);
      break;
    case RpcMethod::CLIENT_STREAMING:
      BeginClientStream();
      break;
    default:
      BeginBidiStream();
      break;
  }
  AwaitEnd();
}

void ClientCall::BeginUnary(const Frame& request) {
  auto* call = grpc::internal::ClientAsyncResponseReaderHelper::Create<Frame>(
      channel_.get(), queue_, rpc_, &context_, request);
  call->StartCall();
  started_.Set(true);
  finish_ = [this, call](grpc::Status* status, void* tag) {
    call->Finish(&response_, status, tag);
  };
}

void ClientCall::BeginServerStream(const Frame& request) {
  auto* call = grpc::internal::ClientAsyncReaderFactory<Frame>::Create(
      channel_.get(), queue_, rpc_, &context_, request, true, &started_);
  finish_ = [call](grpc::Status* status, void* tag) { call->Finish(status, tag); };
  read_headers_ = [call](void* tag) { call->ReadInitialMetadata(tag); };
  read_ = [call](Frame* response, void* tag) { call->Read(response, tag); };
}

void ClientCall::BeginClientStream() {
  auto* call = grpc::internal::ClientAsyncWriterFactory<Frame>::Create(
      channel_.get(), queue_, rpc_, &context_, &response_, true, &started_);
  finish_ = [call](grpc::Status* status, void* tag) { call->Finish(status, tag); };
  write_ = [call](const Frame& request, void* tag) { call->Write(request, tag); };
  writes_done_ = [call](void* tag) { call->WritesDone(tag); };
}

void ClientCall::BeginBidiStream() {
  auto* call = grpc::internal::ClientAsyncReaderWriterFactory<Frame, Frame>::Create(
      channel_.get(), queue_, rpc_, &context_, true, &started_);
  finish_ = [call](grpc::Status* status, void* tag) { call->Finish(status, tag); };
  read_headers_ = [call](void* tag) { call->ReadInitialMetadata(tag); };
  read_ = [call](Frame* response, void* tag) { call->Read(response, tag); };
  write_ = [call](const Frame& request, void* tag) { call->Write(request, tag); };
  writes_done_ = [call](void* tag) { call->WritesDone(tag); };
}

Detached ClientCall::AwaitEnd() {
  // Reading and finishing would both ask for the headers otherwise.
  if (read_headers_) {
    Completion read;
    read_headers_(&read);
    headers_read_.Set(co_await read);
  }
  Completion finished;
  finish_(&status_, &finished);
  co_await finished;
  record_.set_elapsed_ms(MillisecondsSince(start_));
  is_over_ = true;
  alarm_.Cancel();
  over_.Set(true);
}

Task<bool> ClientCall::Do(const peer::ClientStep& step, const Frame& request) {
  switch (step.step_case()) {
    case peer::ClientStep::kSend:
      co_return co_await Send(request, std::max(step.times(), 1));
    case peer::ClientStep::kClose:
      co_return co_await Close();
    case peer::ClientStep::kReceive:
      co_return co_await Receive(step.receive());
    case peer::ClientStep::kWaitMs:
      co_return co_await Wait(step.wait_ms());
    default:
      context_.TryCancel();
      co_return true;
  }
}

Task<bool> ClientCall::Send(const Frame& request, int times) {
  if (!method_.streams_requests) {
    Begin(&request);
    record_.set_sent(1);
    co_return true;
  }
  const bool has_started = co_await started_;
  if (!has_started) co_return false;
  for (; times > 0; --times) {
    Completion written;
    write_(request, &written);
    const bool was_taken = co_await written;
    if (!was_taken) co_return false;
    record_.set_sent(record_.sent() + 1);
  }
  co_return true;
}

Task<bool> ClientCall::Close() {
  if (!method_.streams_requests || std::exchange(is_closed_, true)) {
    co_return true;
  }
  const bool has_started = co_await started_;
  if (!has_started) co_return false;
  Completion closed;
  writes_done_(&closed);
  co_return co_await closed;
}

Task<bool> ClientCall::Receive(int count) {
  if (!method_.streams_responses) {
    co_await over_;
    if (response_.is_parsed && status_.ok() && record_.responses().empty()) {
      Tell(*response_.message, record_.mutable_responses());
    }
    co_return true;
  }
  co_await headers_read_;
  for (; count != 0; --count) {
    Frame response(method_.response);
    Completion read;
    read_(&response, &read);
    const bool was_there = co_await read;
    if (!was_there) co_return false;
    Tell(*response.message, record_.mutable_responses());
  }
  co_return true;
}

Task<bool> ClientCall::Wait(int milliseconds) {
  Completion passed;
  alarm_.Set(queue_, In(milliseconds), &passed);
  if (is_over_) alarm_.Cancel();  // Since before there was an alarm.
  co_return co_await passed;
}

}  // namespace stitch
