// The client.
#ifndef STITCH_SRC_CLIENT_H_
#define STITCH_SRC_CLIENT_H_

#include <grpcpp/completion_queue.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "channels.h"
#include "peer.pb.h"
#include "task.h"
#include "types.h"

namespace stitch {

// Makes calls of any method of any service. A thread of its own goes on with
// them when the library has done what they wait for.
class Client {
 public:
  // Told of each call when it has ended.
  using Report = std::function<void(const peer::Ended&)>;

  explicit Client(Report report);
  // No calls may be in flight.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Makes the calls that are asked for under that id, and returns at once.
  void Make(const std::string& id, const peer::Call& told, std::shared_ptr<const Types> types);

  // Returns when no calls are in flight.
  void AwaitAll();

 private:
  struct Calls;

  // Makes some of the calls, one after another.
  Detached MakeInTurn(std::shared_ptr<Calls> calls);
  Task<peer::Ended> MakeOne(const Calls& calls, const std::string& id);

  const Report report_;
  Channels channels_;
  grpc::CompletionQueue queue_;
  std::mutex mutex_;
  int in_flight_ = 0;
  std::condition_variable all_ended_;
  std::thread thread_;
};

}  // namespace stitch

#endif  // STITCH_SRC_CLIENT_H_
