// The server's listeners.
#ifndef STITCH_SRC_LISTENERS_H_
#define STITCH_SRC_LISTENERS_H_

#include <grpcpp/server.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>

#include "any_service.h"
#include "peer.pb.h"
#include "scripts.h"
#include "types.h"

namespace stitch {

// Listeners, by port.
class Listeners {
 public:
  using Time = std::chrono::system_clock::time_point;

  explicit Listeners(Scripts* scripts) : scripts_(scripts) {}

  // Opens a listener that serves these types. Returns its port when calls are
  // accepted. Throws std::runtime_error when it cannot be had.
  int Open(const peer::Listen& told, std::shared_ptr<const Types> types);

  // Takes no new calls, and ends those that have not ended by then. Returns
  // when the port is free. Throws std::runtime_error when nothing listens
  // there.
  void Stop(int port, Time at);

  // Does so for all listeners.
  void StopAll(Time at);

 private:
  struct Listener {
    std::unique_ptr<AnyService> service;
    std::unique_ptr<grpc::Server> server;
  };

  Scripts* const scripts_;
  std::mutex mutex_;
  std::map<int, std::shared_ptr<Listener>> by_port_;
};

}  // namespace stitch

#endif  // STITCH_SRC_LISTENERS_H_
