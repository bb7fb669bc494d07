#include "scripts.h"

#include <stdexcept>

#include "contract.h"

namespace stitch {

void Scripts::Keep(const peer::Script& script) {
  if (!script.compression().empty() && script.compression() != "gzip") {
    throw std::invalid_argument("unknown compression: " + script.compression());
  }
  for (const peer::ServerStep& step : script.steps()) {
    std::string problem;
    switch (step.step_case()) {
      case peer::ServerStep::STEP_NOT_SET:
        problem = "unknown step";
        break;
      case peer::ServerStep::kHeaders:
        problem = Unsendable(step.headers().entries());
        break;
      case peer::ServerStep::kEnd:
        problem = Unsendable(step.end().trailers());
        break;
      default:
        break;
    }
    if (!problem.empty()) throw std::invalid_argument(problem);
  }
  const std::lock_guard lock(mutex_);
  if (script.steps().empty()) {
    by_name_.erase(script.name());
  } else {
    by_name_[script.name()] = std::make_shared<peer::Script>(script);
  }
}

std::shared_ptr<const peer::Script> Scripts::Find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

void Scripts::BeginUntold() {
  const std::lock_guard lock(mutex_);
  ++untold_;
}

void Scripts::EndUntold() {
  const std::lock_guard lock(mutex_);
  --untold_;
  told_.notify_all();
}

void Scripts::AwaitTold() {
  std::unique_lock lock(mutex_);
  told_.wait(lock, [this] { return untold_ <= 0; });
}

}  // namespace stitch
