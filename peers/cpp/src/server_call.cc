#include "server_call.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <utility>

#include "manage.h"
#include "scripts.h"

namespace stitch {

using google::protobuf::Message;
using grpc::Status;
using grpc::StatusCode;

ServerCall::ServerCall(Scripts* scripts, const Method& method, grpc::CallbackServerContext* context,
                       const Frame* request, Frame* response)
    : scripts_(scripts),
      method_(method),
      context_(context),
      request_(request),
      response_(response) {
  if (response_ != nullptr) *response_ = Frame(method.response);
  record_.set_call_id(Value("stitch-call-id"));
  record_.set_method(method.path);
  *record_.mutable_metadata() = Tell(context->client_metadata());
  for (const grpc::string_ref& name :
       context->auth_context()->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME)) {
    record_.set_client_name(Utf8(name));
  }
  using std::chrono::system_clock;
  if (context->deadline() != system_clock::time_point::max()) {
    const std::chrono::duration<double, std::milli> remaining =
        context->deadline() - system_clock::now();
    record_.set_time_remaining_ms(remaining.count());
  }
}

Detached ServerCall::Run() {
  const Status status = co_await Answer();
  if (is_cancelled_ || context_->IsCancelled()) {
    record_.set_cancelled(true);
  } else {
    *record_.mutable_status() = Tell(status);
  }
  scripts_->Tell(record_);
  if (standing_.exchange(Standing::kTold) == Standing::kCancelledUntold) {
    scripts_->EndUntold();
  }
  Finish(status);
  co_await done_;
  delete this;
}

void ServerCall::Cancelled() {
  Standing open = Standing::kOpen;
  if (standing_.compare_exchange_strong(open, Standing::kCancelledUntold)) {
    scripts_->BeginUntold();
  }
  is_cancelled_ = true;
  alarm_.Cancel();
}

Task<Status> ServerCall::Answer() {
  const std::string named = Value("stitch-script");
  const std::string& name = named.empty() ? method_.path : named;
  if (const auto script = scripts_->Find(name)) {
    record_.set_script(name);
    co_return co_await Play(*script);
  }
  if (!named.empty()) {
    co_return Status(StatusCode::UNIMPLEMENTED, "no script \"" + named + "\"");
  }
  if (method_.path == Types::kPickOne) co_return co_await PickOne();
  co_return Status(StatusCode::UNIMPLEMENTED, "no script");
}

Task<Status> ServerCall::Play(const peer::Script& script) {
  if (script.compression() == "gzip") {
    context_->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  }
  for (const peer::ServerStep& step : script.steps()) {
    if (step.has_end()) co_return End(step.end());
    const bool goes_on = co_await Do(step);
    if (!goes_on) co_return Broken();
  }
  co_return Status::OK;
}

Task<Status> ServerCall::PickOne() {
  const std::unique_ptr<Message> request = co_await Receive();
  if (request == nullptr) co_return Broken();
  auto row = std::make_unique<Expirement>();
  const Status status = ManageService::Pick(
      *google::protobuf::DynamicCastToGenerated<NameRequest>(request.get()), row.get());
  if (status.ok()) co_await Send(std::move(row), 1);
  co_return status;
}

Task<bool> ServerCall::Do(const peer::ServerStep& step) {
  switch (step.step_case()) {
    case peer::ServerStep::kHeaders:
      co_return co_await SendHeaders(step.headers());
    case peer::ServerStep::kReceive:
      co_return co_await ReceiveSome(step.receive());
    case peer::ServerStep::kSend: {
      std::unique_ptr<Message> response = Parse(*method_.response, step.send());
      if (response == nullptr) {
        record_.set_unusable(Unusable(*method_.response));
        co_return false;
      }
      co_return co_await Send(std::move(response), std::max(step.times(), 1));
    }
    case peer::ServerStep::kWaitMs:
      co_return co_await Wait(step.wait_ms());
    default:
      co_return true;
  }
}

Task<bool> ServerCall::SendHeaders(const peer::Headers& headers) {
  for (const peer::Metadatum& entry : headers.entries()) {
    context_->AddInitialMetadata(entry.key(), ValueOf(entry));
  }
  Completion& ended = operation_.emplace();
  StartHeaders();
  co_return co_await ended;
}

Task<bool> ServerCall::ReceiveSome(int count) {
  for (; count != 0; --count) {
    const std::unique_ptr<Message> request = co_await Receive();
    if (request == nullptr) break;
  }
  co_return record_.unusable().empty() && !context_->IsCancelled();
}

Task<std::unique_ptr<Message>> ServerCall::Receive() {
  Frame request(method_.request);
  if (method_.streams_requests) {
    Completion& ended = operation_.emplace();
    StartReceiving(&request);
    co_await ended;
  } else if (request_ != nullptr) {
    grpc::ByteBuffer bytes = std::exchange(request_, nullptr)->bytes;
    grpc::SerializationTraits<Frame>::Deserialize(&bytes, &request);
  }
  if (!request.is_parsed) {
    if (request.came) record_.set_unusable(Unusable(*method_.request));
    co_return nullptr;
  }
  Tell(*request.message, record_.mutable_requests());
  co_return std::move(request.message);
}

Task<bool> ServerCall::Send(std::unique_ptr<Message> message, int times) {
  if (response_ != nullptr) {  // It is sent with the status.
    Tell(*message, record_.mutable_responses());
    response_->message = std::move(message);
    co_return true;
  }
  Frame response;
  response.message = std::move(message);
  for (; times > 0; --times) {
    Completion& ended = operation_.emplace();
    StartSending(response);
    const bool was_taken = co_await ended;
    if (!was_taken) co_return false;
    Tell(*response.message, record_.mutable_responses());
  }
  co_return true;
}

Task<bool> ServerCall::Wait(int milliseconds) {
  Completion& ended = operation_.emplace();
  alarm_.Set(In(milliseconds), [this](bool ok) { Ended(ok); });
  if (is_cancelled_) alarm_.Cancel();  // Since before there was an alarm.
  co_return co_await ended;
}

Status ServerCall::End(const peer::End& end) {
  for (const peer::Metadatum& entry : end.trailers()) {
    context_->AddTrailingMetadata(entry.key(), ValueOf(entry));
  }
  return StatusOf(end.status());
}

Status ServerCall::Broken() {
  if (record_.unusable().empty()) {
    is_cancelled_ = true;
    return Status::CANCELLED;
  }
  return {StatusCode::INTERNAL, record_.unusable()};
}

std::string ServerCall::Value(const char* key) const {
  const auto found = context_->client_metadata().find(key);
  return found == context_->client_metadata().end()
             ? ""
             : std::string(found->second.data(), found->second.size());
}

}  // namespace stitch
