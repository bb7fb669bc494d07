#include "client.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "client_call.h"

namespace stitch {
namespace {

// Names what of the call this client does not know, or is empty.
std::string Unsupported(const peer::Call& told, const Method* method) {
  if (method == nullptr) {
    return "method " + (told.types().empty() ? told.method() : told.types());
  }
  if (!told.compression().empty() && told.compression() != "gzip") {
    return "compression " + told.compression();
  }
  bool sends = method->streams_requests;
  for (const peer::ClientStep& step : told.steps()) {
    if (step.step_case() == peer::ClientStep::STEP_NOT_SET) return "step";
    sends = sends || step.has_send();
  }
  return sends ? "" : "a call without its request";
}

}  // namespace

// Equal calls, made by several coroutines.
struct Client::Calls {
  std::string id;
  peer::Call told;
  std::shared_ptr<const Types> types;
  std::atomic<int> begun = 0;
};

Client::Client(Report report) : report_(std::move(report)) {
  thread_ = std::thread([this] {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) static_cast<Completion*>(tag)->Set(ok);
  });
}

Client::~Client() {
  queue_.Shutdown();
  thread_.join();
}

void Client::Make(const std::string& id, const peer::Call& told,
                  std::shared_ptr<const Types> types) {
  auto calls = std::make_shared<Calls>();
  calls->id = id;
  calls->told = told;
  calls->types = std::move(types);
  for (int i = 0; i < std::max(told.at_once(), 1); ++i) MakeInTurn(calls);
}

Detached Client::MakeInTurn(std::shared_ptr<Calls> calls) {
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  const int times = std::max(calls->told.times(), 1);
  for (int i = calls->begun++; i < times; i = calls->begun++) {
    const std::string id = times == 1 ? calls->id : calls->id + "." + std::to_string(i);
    peer::Ended ended = co_await MakeOne(*calls, id);
    ended.set_id(id);
    report_(ended);
  }
  const std::lock_guard lock(mutex_);
  --in_flight_;
  all_ended_.notify_all();
}

Task<peer::Ended> Client::MakeOne(const Calls& calls, const std::string& id) {
  const peer::Call& told = calls.told;
  const Method* method = calls.types->Find(told.types().empty() ? told.method() : told.types());
  if (std::string what = Unsupported(told, method); !what.empty()) {
    peer::Ended ended;
    ended.set_unsupported(std::move(what));
    co_return ended;
  }
  ClientCall call(told, *method, channels_.Of(told.channel()), &queue_);
  co_return co_await call.Make(id);
}

void Client::AwaitAll() {
  std::unique_lock lock(mutex_);
  all_ended_.wait(lock, [this] { return in_flight_ == 0; });
}

}  // namespace stitch
